import { expect, it } from 'vitest'
import { StateLog } from './state-log.ts'

function collected() {
  const lines: string[] = []
  const line = (_fields: object, message: string) => lines.push(message)
  const logger = { debug: line, info: line, warn: line, error: line }
  return { lines, log: new StateLog(logger, 'api') }
}

const link = (partition: number, up: boolean, reason = 'closed') =>
  ({ kind: 'link', link: 'commands', partition, up, reason }) as const

it('says once that a server which has many partitions is gone, and once that it is back', () => {
  const { lines, log } = collected()
  for (const partition of [0, 1, 2]) log.notify(link(partition, true))
  for (const partition of [0, 1, 2]) log.notify(link(partition, false))
  expect(lines).toEqual(['cache link is up', 'cache link is down'])
  log.notify(link(2, true))
  log.notify(link(0, true))
  expect(lines).toHaveLength(2)
  log.notify(link(1, true))
  expect(lines).toEqual(['cache link is up', 'cache link is down', 'cache link is up'])
})

it('keeps commands, messages and trust apart', () => {
  const { lines, log } = collected()
  log.notify(link(0, false))
  log.notify({ ...link(0, false), link: 'bus' })
  log.notify({ kind: 'trust', partition: 0, held: false, reason: 'beat', afterMs: 1 })
  expect(lines).toEqual(['cache link is down', 'cache link is down', 'cache memory is not trusted'])
})

it('names another server once for all partitions that have gone to it', () => {
  const { lines, log } = collected()
  const moved = { kind: 'incarnation', partition: 0, before: 'a', now: 'b' } as const
  for (const partition of [0, 1, 2]) log.notify({ ...moved, partition })
  expect(lines).toEqual(['another Redis answers'])
})

it('names each of two servers once, however their partitions take turns', () => {
  const { lines, log } = collected()
  const moved = { kind: 'incarnation', before: 'a' } as const
  for (const [partition, now] of ['b', 'c', 'b', 'c'].entries()) {
    log.notify({ ...moved, partition, now })
  }
  expect(lines).toEqual(['another Redis answers', 'another Redis answers'])
})

it('says once that a breaker has opened, and once that it has closed again', () => {
  const lines: string[] = []
  const at = (level: string) => (_: object, message: string) => lines.push(`${level}: ${message}`)
  const logger = { debug() {}, info: at('info'), warn: at('warn'), error: at('error') }
  const log = new StateLog(logger, 'api')
  const told = { kind: 'breaker', breaker: 'family:item', afterMs: 1, retryMs: undefined } as const
  log.notify({ ...told, before: 'closed', state: 'open', retryMs: 5_000 })
  log.notify({ ...told, before: 'open', state: 'halfOpen' })
  log.notify({ ...told, before: 'halfOpen', state: 'open', retryMs: 10_000 })
  log.notify({ ...told, before: 'open', state: 'halfOpen' })
  log.notify({ ...told, before: 'halfOpen', state: 'closed' })
  expect(lines).toEqual(['warn: cache breaker is open', 'info: cache breaker is closed'])
})
