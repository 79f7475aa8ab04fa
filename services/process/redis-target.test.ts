import { describe, expect, it } from 'vitest'
import { redisAddress, redisTarget } from './redis-target.ts'

describe('an address of Redis', () => {
  it('is that of one server where it is a plain URL', () => {
    expect(redisTarget('redis://:secret@127.0.0.1:6379/1')).toBe('redis://:secret@127.0.0.1:6379/1')
  })

  it('names Sentinels and what they call the primary', () => {
    expect(redisTarget('redis+sentinel://a:26379,b.example:26380/main')).toEqual({
      sentinels: [
        { host: 'a', port: 26_379 },
        { host: 'b.example', port: 26_380 },
      ],
      name: 'main',
    })
  })

  it('gives servers and Sentinels the same credentials, decoded', () => {
    expect(redisTarget('redis+sentinel://me:p%40ss@a:1/main')).toMatchObject({
      username: 'me',
      password: 'p@ss',
      sentinelUsername: 'me',
      sentinelPassword: 'p@ss',
    })
    expect(redisTarget('redis+sentinel://:only@a:1/main')).toMatchObject({ password: 'only' })
  })

  it('names nodes of a Cluster', () => {
    expect(redisTarget('rediss+cluster://:secret@a:7000,[::1]:7001')).toEqual({
      cluster: [
        { host: 'a', port: 7_000 },
        { host: '::1', port: 7_001 },
      ],
      password: 'secret',
      tls: {},
    })
  })

  it.each([
    'redis+sentinel://a:26379',
    'redis+sentinel:///main',
    'redis+sentinel://a/main',
    'redis+sentinel://a:99999/main',
    'redis+cluster://a:7000,/',
    'redis+cluster://a:7000/main',
    'redis+other://a:7000',
  ])('is refused where nobody could find a server by it: %s', (text) => {
    expect(redisAddress.safeParse(text).success).toBe(false)
  })
})
