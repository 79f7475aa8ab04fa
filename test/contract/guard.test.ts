import { defineCatalog, family, shape } from 'staleproof'
import { expect, it, vi } from 'vitest'
import { describeCache } from './caches.ts'
import { Recorder } from './events.ts'

const value = shape<unknown>()
const catalog = defineCatalog('guard', {
  user: family('user:{name}', { value, ttl: '30s' }),
  allowed: family('allowed:{name}', { value, ttl: '30s', sensitive: 'allow' }),
  secret: family('secret:{name}', { value, ttl: '30s', encrypted: true }),
  ordered: family('ordered:{name}', { value, ttl: '30s', order: () => 1 }),
})
const account = { name: 'Ada', login: { password: 'hunter2' } }
const encryption = { keys: [{ id: 'k1', key: Buffer.alloc(32, 1) }] }

describeCache('sensitive values', (open) => {
  it('are returned, kept nowhere, counted, and reported once, without the value', async () => {
    const recorder = new Recorder()
    const source = vi.fn(async () => account)
    const cache = await open(catalog, { sources: { user: source }, observers: [recorder] })
    const other = await open(catalog)
    expect(await cache.user.get('a')).toBe(account)
    await cache.settled()
    expect(await cache.user.get('a')).toBe(account)
    expect(source).toHaveBeenCalledTimes(2)
    await expect(other.user.get('a')).rejects.toMatchObject({ code: 'SP_NO_SOURCE' })
    expect(cache.stats().families.user?.stores).toEqual({ sensitive: 2 })
    const told = recorder.of('fault').map(({ error }) => error)
    expect(told).toMatchObject([{ code: 'SP_VALUE_SENSITIVE', family: 'user', key: 'user:a' }])
    expect(told[0]?.message).toContain('.login.password')
    expect(told[0]?.message).not.toContain('hunter2')
  })

  it('are refused by set', async () => {
    const cache = await open(catalog)
    await expect(cache.ordered.set('a', account)).rejects.toMatchObject({
      code: 'SP_VALUE_SENSITIVE',
      received: expect.stringContaining('.login.password'),
    })
  })

  it('are told by the place of their field, never by a key of a map', async () => {
    const recorder = new Recorder()
    const sessions = { 'eyJhbGciOi.secret.part': { password: 'hunter2' } }
    const cache = await open(catalog, {
      sources: { user: async () => ({ sessions }) },
      observers: [recorder],
    })
    await cache.user.get('a')
    const [told] = recorder.of('fault')
    expect(told?.error.message).toContain('.sessions[…].password')
    expect(told?.error.message).not.toContain('eyJ')
  })

  it('are stored where the family allows or encrypts them', async () => {
    const load = async () => account
    const writer = await open(catalog, { sources: { allowed: load, secret: load }, encryption })
    const reader = await open(catalog, { encryption })
    await writer.allowed.get('a')
    await writer.secret.get('a')
    await writer.settled()
    expect(await reader.allowed.lookup('a')).toMatchObject({ from: 'redis', value: account })
    expect(await reader.secret.lookup('a')).toMatchObject({ from: 'redis', value: account })
  })
})
