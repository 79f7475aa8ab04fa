import type { Logger } from 'staleproof'
import { expect, it } from 'vitest'
import { eventually } from '../servers/eventually.ts'
import { describeWithRedis } from '../servers/redis.ts'
import { useWorld } from './world.ts'

describeWithRedis('the log of an outage', () => {
  const theWorld = useWorld()

  it('says each change of state once, whatever is asked meanwhile, and names no key', async () => {
    const { server, open } = theWorld()
    const { log, lines } = collecting()
    const cache = await open({ log, redis: server.url })
    await cache.item.get('secret-key')
    const before = lines.filter(({ level }) => level === 'warn').length
    expect(before).toBe(0)
    await server.kill()
    for (let call = 0; call < 100; call++) await cache.item.get(`secret-key-${call}`)
    await cache.item.invalidate('secret-key').catch(() => {})
    const during = lines.filter(({ level }) => level === 'warn' || level === 'error').length
    expect(during).toBeGreaterThanOrEqual(1)
    expect(during).toBeLessThanOrEqual(4)
    await server.restart()
    await eventually('the cache is healthy', () => cache.health().state === 'ok')
    const loud = lines.filter(({ level }) => level !== 'debug')
    expect(loud.length).toBeGreaterThan(during)
    expect(loud.length).toBeLessThanOrEqual(12)
    expect(JSON.stringify(loud)).not.toContain('secret-key')
  })

  it('goes on where the logger throws', async () => {
    const { server, open, database } = theWorld()
    const broken = (): never => {
      throw new Error('disk full')
    }
    const log: Logger = { debug: broken, info: broken, warn: broken, error: broken }
    const cache = await open({ log, redis: server.url })
    await server.kill()
    expect(await cache.item.get('a')).toBe(database.value)
  })
})

function collecting() {
  const lines: { level: string; fields: object; message: string }[] = []
  const at = (level: string) => (fields: object, message: string) => {
    lines.push({ level, fields, message })
  }
  const log: Logger = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
  return { log, lines }
}
