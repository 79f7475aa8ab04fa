import { Redis } from 'ioredis'
import { describe, expect, test } from 'vitest'
import { type OwnRedisOptions, type RedisTarget, resolveRedisTarget } from './redis-options.ts'

function codeOf(target: unknown): unknown {
  try {
    resolveRedisTarget(target as RedisTarget, 2000)
    return 'accepted'
  } catch (error) {
    return (error as { code?: unknown }).code
  }
}

function optionsOf(target: RedisTarget): OwnRedisOptions {
  return resolveRedisTarget(target, 2000).options
}

describe('options of our connections', () => {
  test('come from an address with database and password', () => {
    const options = optionsOf('redis://ann:secret@cache.local:7000/3')
    expect(options).toMatchObject({ host: 'cache.local', port: 7000, db: 3, password: 'secret' })
  })

  test('keep the address of an instance and leave the instance alone', () => {
    const instance = new Redis({ host: 'cache.local', db: 5, lazyConnect: true })
    const options = optionsOf(instance)
    expect(options).toMatchObject({ host: 'cache.local', db: 5, protocol: 2 })
    expect(instance.options.enableOfflineQueue).toBe(true)
    expect(instance.status).toBe('wait')
  })

  test('recognise an instance of another copy of ioredis by its shape', () => {
    const foreign = { options: { host: 'cache.local' }, duplicate: () => undefined }
    expect(optionsOf(foreign).host).toBe('cache.local')
  })

  test.each([
    'redis://localhost?enableOfflineQueue=true&autoResendUnfulfilledCommands=true',
    { enableOfflineQueue: true, autoResendUnfulfilledCommands: true, retryStrategy: () => 1 },
  ])('never queue or resend, whatever is given: %j', (target) => {
    expect(optionsOf(target)).toMatchObject({
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      autoResubscribe: false,
      maxRetriesPerRequest: null,
      retryStrategy: null,
      reconnectOnError: null,
      enableReadyCheck: false,
      connectTimeout: 2000,
    })
  })

  test.each([
    { role: 'slave' as const },
    { readOnly: true },
    { scaleReads: 'all' },
    'redis://localhost?role=slave',
  ])('refuse to read from replicas: %j', (target) => {
    expect(codeOf(target)).toBe('SP_READ_FROM_REPLICA')
  })

  test.each(['redis://localhost/abc', { db: -1 }, { db: 1.5 }, { port: 0 }])(
    'refuse a database or a port that is no number: %j',
    (target) => {
      expect(codeOf(target)).toBe('SP_OPTION_INVALID')
    },
  )

  test.each([undefined, null, 6379, [], '', 'not an address', 'http://localhost'])(
    'refuse %j',
    (target) => expect(codeOf(target)).toBe('SP_OPTION_INVALID'),
  )

  test('refuse Sentinels without the name of a master', () => {
    expect(codeOf({ sentinels: [{ host: 'a', port: 1 }] })).toBe('SP_OPTION_INVALID')
  })

  test('refuse a key prefix', () => {
    expect(codeOf({ keyPrefix: 'shop:' })).toBe('SP_OPTION_INVALID')
  })

  test('never show a password in an error', () => {
    const attempt = () => optionsOf('redis://ann:secret@ho st')
    expect(attempt).toThrow(/\*\*\*@ho st/)
    expect(attempt).not.toThrow(/secret/)
  })
})
