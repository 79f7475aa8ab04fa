import { Cluster, Redis } from 'ioredis'
import { describe, expect, test } from 'vitest'
import { type RedisTarget, resolveRedisTarget } from './redis-options.ts'

function resolved(target: unknown) {
  return resolveRedisTarget(target as RedisTarget, 2000)
}

function codeOf(target: unknown): unknown {
  try {
    resolved(target)
    return 'accepted'
  } catch (error) {
    return (error as { code?: unknown }).code
  }
}

const nodes = [
  { host: '127.0.0.1', port: 24_998 },
  { host: '127.0.0.1', port: 24_999 },
]
const instance = (options: object = {}) => new Cluster(nodes, { lazyConnect: true, ...options })

describe('a cluster', () => {
  test('comes from addresses of any form, and options for every node', () => {
    const seeds = ['redis://one:7000', 'two:7001', { host: 'three', port: 7002 }]
    const { cluster, options } = resolved({ cluster: seeds, password: 'secret', tls: {} })
    expect(cluster?.seeds).toEqual([
      { host: 'one', port: 7000 },
      { host: 'two', port: 7001 },
      { host: 'three', port: 7002 },
    ])
    expect(options).toMatchObject({ password: 'secret', tls: {}, enableOfflineQueue: false })
  })

  test('takes name, password and encryption from its first address', () => {
    const { options } = resolved({ cluster: ['rediss://ann:secret@one:7000', 'two:7001'] })
    expect(options).toMatchObject({ username: 'ann', password: 'secret', tls: expect.anything() })
    const given = resolved({ cluster: ['redis://ann:secret@one:7000'], password: 'other' })
    expect(given.options.password).toBe('other')
  })

  test('comes from an instance, which is left alone', () => {
    const given = instance({ redisOptions: { password: 'secret' } })
    const { cluster, options } = resolved(given)
    expect(cluster?.seeds).toEqual(nodes)
    expect(options.password).toBe('secret')
    expect(given.status).toBe('wait')
  })

  test('reaches nodes where a map of addresses leads', () => {
    const inside = { host: '10.0.0.1', port: 7000 }
    const outside = { host: 'cache.local', port: 17_000 }
    const maps = [
      { '10.0.0.1:7000': outside },
      (name: string) => (name === '10.0.0.1:7000' ? outside : null),
    ]
    for (const natMap of maps) {
      for (const target of [{ cluster: ['a:1'], natMap }, instance({ natMap })]) {
        const { cluster } = resolved(target)
        expect(cluster?.reach(inside)).toEqual(outside)
        expect(cluster?.reach({ host: 'other', port: 1 })).toEqual({ host: 'other', port: 1 })
      }
    }
  })

  test.each([
    { cluster: [] },
    { cluster: 'redis://one:7000' },
    { cluster: ['not an address'] },
    { cluster: [{ host: 'one', port: 'x' }] },
    { cluster: ['one:7000'], db: 1 },
    { cluster: ['one:7000'], keyPrefix: 'shop:' },
  ])('is refused as %j', (target) => expect(codeOf(target)).toBe('SP_OPTION_INVALID'))

  test('is refused where its instance renames keys or finds nodes by SRV records', () => {
    expect(codeOf(instance({ keyPrefix: 'shop:' }))).toBe('SP_OPTION_INVALID')
    expect(codeOf(instance({ redisOptions: { keyPrefix: 'shop:' } }))).toBe('SP_OPTION_INVALID')
    expect(codeOf(instance({ useSRVRecords: true }))).toBe('SP_OPTION_INVALID')
  })

  test.each(['slave', 'all', () => []])(
    'is refused where it reads from replicas: %s',
    (scaleReads) => {
      expect(codeOf(instance({ scaleReads }))).toBe('SP_READ_FROM_REPLICA')
    },
  )

  test('is none where one server is given', () => {
    expect(resolved('redis://one:7000').cluster).toBeUndefined()
    expect(resolved(new Redis({ host: 'one', lazyConnect: true })).cluster).toBeUndefined()
  })
})
