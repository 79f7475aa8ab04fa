import { describe, expect, it } from 'vitest'
import type { InvalidateEvent } from '../core/outcome.ts'
import { keysLoggedMax, logObserver } from './log.ts'

const event: InvalidateEvent = {
  kind: 'invalidate',
  via: 'call',
  keys: ['api:positions:7'],
  tags: ['user:7'],
  origin: 'api',
  reason: 'position_created',
  subject: 'user 7',
  reached: 3,
  pending: [],
  ms: 1.5,
}

describe('the log of invalidations', () => {
  it('says who invalidated how much and why in one line, and names no key', () => {
    const { lines, observer } = logging(false)
    observer.notify(event)
    expect(lines).toEqual([
      {
        level: 'info',
        message: 'cache invalidation',
        fields: {
          event: 'CACHE_INVALIDATION',
          service: 'api',
          count: 2,
          reached: 3,
          pending: 0,
          reason: 'position_created',
          origin: 'api',
          subject: 'user 7',
        },
      },
    ])
  })

  it('names keys, patterns and tags where that is asked for, but not thousands', () => {
    const { lines, observer } = logging(true)
    observer.notify({ ...event, keys: ['api:markets:*'] })
    const many = Array.from({ length: 1_000 }, (_, id) => `price:${id}`)
    observer.notify({ ...event, keys: many, tags: [] })
    expect(lines[0]?.fields).toMatchObject({ keys: ['api:markets:*'], tags: ['user:7'] })
    const { keys, count } = { keys: [], count: 0, ...lines[1]?.fields }
    expect(keys).toHaveLength(keysLoggedMax)
    expect(count).toBe(1_000)
  })

  it('leaves out what other services invalidate: they say it themselves', () => {
    const { lines, observer } = logging(true)
    observer.notify({ ...event, via: 'message', origin: 'bot' })
    expect(lines).toEqual([])
  })

  it('says a stale value as an error, and its key only to who debugs', () => {
    const { lines, observer } = logging(false)
    const [family, key] = ['positions', 'api:positions:7']
    observer.notify({ kind: 'staleRead', family, key, tier: 'redis', why: 'birth' })
    const [told, debugged] = lines
    const fields = {
      event: 'CACHE_STALE_READ',
      service: 'api',
      family,
      tier: 'redis',
      why: 'birth',
    }
    expect(told).toEqual({ level: 'error', message: 'cache stale read', fields })
    expect(debugged).toMatchObject({ level: 'debug', fields: { key } })
  })
})

function logging(logKeys: boolean) {
  const lines: { level: string; fields: object; message: string }[] = []
  const at = (level: string) => (fields: object, message: string) => {
    lines.push({ level, fields, message })
  }
  const logger = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
  const observer = logObserver({
    ...{ logger, service: 'api', logKeys },
    ...{ wallMs: () => 0, debugged: [] },
  })
  return { lines, observer }
}
