import { beforeEach, describe, expect, it } from 'vitest'
import { arrivalsMax, CoherenceMeter, followedKeysMax, originsMax } from './coherence-meter.ts'

const told = { keys: ['a'], origin: 'api', lagMs: 1, atMs: 0 }
let meter: CoherenceMeter

beforeEach(() => {
  meter = new CoherenceMeter(1_000)
})

describe('a meter of coherence', () => {
  it('tells how long invalidations took, where the time of the server is known', () => {
    for (const lagMs of [1, 1, 1, 40]) meter.arrived({ ...told, lagMs })
    meter.arrived({ ...told, lagMs: undefined })
    const { lag } = meter.snapshot()
    expect(lag).toMatchObject({ count: 4, maxMs: 40 })
    expect(lag.p50Ms).toBeCloseTo(1, 1)
    expect(lag.p99Ms).toBe(40)
  })

  it('counts reads of an invalidated key, until it is no longer followed', () => {
    meter.arrived(told)
    meter.answered('a', 'source', 10)
    meter.answered('a', 'redis', 999)
    meter.answered('b', 'redis', 10)
    meter.answered('a', 'redis', 1_000)
    expect(meter.snapshot().afterInvalidation).toEqual({ hits: 1, misses: 1 })
  })

  it('follows a bounded number of keys, and others when those are done', () => {
    const keys = Array.from({ length: followedKeysMax + 1 }, (_, number) => `key:${number}`)
    meter.arrived({ ...told, keys })
    for (const key of keys) meter.answered(key, 'redis', 1)
    expect(meter.snapshot().afterInvalidation.hits).toBe(followedKeysMax)
    meter.arrived({ ...told, keys: ['late'], atMs: 1_001 })
    meter.answered('late', 'source', 1_002)
    expect(meter.snapshot().afterInvalidation.misses).toBe(1)
  })

  it('lets a bounded number of invalidations wait to be counted', () => {
    for (let number = 1; number < arrivalsMax; number++) meter.arrived(told)
    expect(meter.waiting).toBe(arrivalsMax - 1)
    meter.arrived(told)
    expect(meter.waiting).toBe(0)
    meter.arrived(told)
    expect(meter.snapshot().lag.count).toBe(arrivalsMax + 1)
  })

  it('tells lag by the service that asked, of a bounded number of services', () => {
    meter.arrived({ ...told, lagMs: 2 })
    meter.arrived({ ...told, origin: 'bot', lagMs: 30 })
    for (let service = 0; service < originsMax; service++) {
      meter.arrived({ ...told, origin: `service ${service}` })
    }
    const { lagByOrigin } = meter.snapshot()
    expect(lagByOrigin.api).toMatchObject({ count: 1, maxMs: 2 })
    expect(lagByOrigin.bot).toMatchObject({ count: 1, maxMs: 30 })
    expect(Object.keys(lagByOrigin)).toHaveLength(originsMax)
    expect(lagByOrigin['(others)']?.count).toBe(3)
  })

  it('counts why trust was lost, in words that have an end', () => {
    for (const reason of ['gap', 'gap', 'read ECONNRESET', '10.0.0.1 is gone']) {
      meter.trustLost(reason)
    }
    const state = { kind: 'trust', partition: 0, afterMs: 1 } as const
    meter.notify({ ...state, held: false, reason: 'beat' })
    meter.notify({ ...state, held: false, reason: 'gap' })
    meter.notify({ ...state, held: true, reason: 'echo' })
    expect(meter.snapshot().trustLost).toEqual({ gap: 2, connection: 2, beat: 1 })
  })

  it('adds up the processes that own calls have reached', () => {
    const said = { keys: ['a'], tags: [], reason: '', subject: undefined, pending: [], ms: 0 }
    meter.notify({ kind: 'invalidate', via: 'call', origin: 'api', reached: 3, ...said })
    meter.notify({ kind: 'invalidate', via: 'call', origin: 'api', reached: 2, ...said })
    meter.notify({ kind: 'invalidate', via: 'message', origin: 'bot', reached: 0, ...said })
    expect(meter.snapshot().reach).toEqual({ calls: 2, processes: 5 })
  })
})
