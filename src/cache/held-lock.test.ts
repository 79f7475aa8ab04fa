import { beforeEach, describe, expect, it } from 'vitest'
import { Deferred } from '../base/deferred.ts'
import { type LockReply, type Store, StoreFault } from '../core/contracts/store.ts'
import type { CacheEvent } from '../core/outcome.ts'
import { VirtualClock } from '../testing/virtual-clock.ts'
import type { Engine } from './engine.ts'
import { HeldLock } from './held-lock.ts'
import { Tasks } from './tasks.ts'
import { Watchers } from './watchers.ts'

const ttlMs = 3_000
const place = { name: 'work', partition: 0, token: 'token', ttlMs }
const granted: LockReply = { kind: 'granted', fence: 7 }

let clock: VirtualClock
let engine: Engine
let closing: AbortController
let events: CacheEvent[]
let renew: () => Promise<LockReply>
let unlocked: unknown[]

beforeEach(() => {
  clock = new VirtualClock()
  closing = new AbortController()
  events = []
  unlocked = []
  renew = async () => granted
  const watchers = new Watchers()
  watchers.add({ notify: (event) => events.push(event) })
  const store: Pick<Store, 'lock' | 'unlock'> = {
    lock: () => renew(),
    unlock: async (_partition, request) => {
      unlocked.push(request)
      return true
    },
  }
  const tasks = new Tasks((error) => {
    throw error
  })
  engine = { clock, watchers, tasks, store, settings: { budgetMs: 500 } } as unknown as Engine
})

function lockNow(): HeldLock {
  return new HeldLock(engine, place, { fence: 7, sentMs: clock.now(), closing: closing.signal })
}

describe('a lock that is held', () => {
  it('is kept as long as it is renewed', async () => {
    const held = lockNow()
    await clock.advance(10 * ttlMs)
    expect(held.signal.aborted).toBe(false)
    await held.end()
  })

  it('is lost when a whole time has passed since the last renewal', async () => {
    const held = lockNow()
    renew = async () => {
      throw new StoreFault('down', 'away')
    }
    await clock.advance(ttlMs - 1)
    const before = held.signal.aborted
    await clock.advance(2)
    expect([before, held.signal.aborted]).toEqual([false, true])
    expect(held.signal.reason).toMatchObject({ code: 'SP_LOCK_LOST' })
    expect(events).toMatchObject([
      { kind: 'lock', lock: 'work', outcome: 'lost' },
      { kind: 'fault', error: { code: 'SP_LOCK_LOST' } },
    ])
  })

  it('counts its time from when a renewal was sent, not from its answer', async () => {
    const held = lockNow()
    const late = new Deferred<LockReply>()
    renew = () => late.promise
    await clock.advance(ttlMs - 1)
    late.resolve(granted)
    await clock.advance(1)
    renew = () => new Promise(() => {})
    const before = held.signal.aborted
    // The last renewal that was answered had been sent at two thirds of the time.
    await clock.advance((2 / 3) * ttlMs + 2)
    expect([before, held.signal.aborted]).toEqual([false, true])
  })

  it('is lost at once when somebody else has it', async () => {
    const held = lockNow()
    renew = async () => ({ kind: 'taken', leftMs: 1_000 })
    await clock.advance(ttlMs / 2)
    expect(held.signal.aborted).toBe(true)
  })

  it('is lost at once when it had to be taken anew', async () => {
    const held = lockNow()
    renew = async () => ({ kind: 'granted', fence: 8 })
    await clock.advance(ttlMs / 2)
    expect(held.signal.aborted).toBe(true)
  })

  it('is given back, and no longer renewed, when its work has ended', async () => {
    const held = lockNow()
    await held.end()
    let renewals = 0
    renew = async () => {
      renewals++
      return granted
    }
    await clock.advance(3 * ttlMs)
    expect(renewals).toBe(0)
    expect(unlocked).toEqual([expect.objectContaining({ name: 'work', token: 'token' })])
    expect(held.signal.aborted).toBe(false)
  })

  it('is not kept waiting by a server that does not answer when it is given back', async () => {
    engine = {
      ...engine,
      store: { ...engine.store, unlock: () => new Promise<boolean>(() => {}) },
    }
    const held = lockNow()
    const ended = held.end()
    await clock.advance(501)
    await ended
  })

  it('fires its signal when the cache begins to close', async () => {
    const held = lockNow()
    closing.abort()
    expect(held.signal.reason).toMatchObject({ code: 'SP_CLOSED' })
    await held.end()
    expect(unlocked).toHaveLength(1)
  })
})
