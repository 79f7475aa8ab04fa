import { beforeEach, describe, expect, it } from 'vitest'
import type { DeclaredFamily } from '../../core/about.ts'
import type { CacheEvent, InvalidateEvent } from '../../core/outcome.ts'
import { charactersMax, InvalidationFeed, rowsMax } from './invalidation-feed.ts'
import { namesShownMax } from './invalidation-row.ts'

/** Its keys begin like the name of a family that is cleared. */
const declared: DeclaredFamily = {
  ...{ template: 'family:{name}', version: '1', ttlMs: 1_000, hitTarget: undefined },
  ...{ codec: 'json', hasSource: true, isSensitive: false, isEncrypted: false, maxStaleMs: 1_000 },
}

const asked: InvalidateEvent = {
  ...{ kind: 'invalidate', via: 'call', keys: ['item:1'], tags: [], origin: 'api' },
  ...{ reason: 'test', subject: undefined, reached: 2, pending: [], ms: 1 },
}
const heard: InvalidateEvent = { ...asked, via: 'message', origin: 'bot', reached: 0, partition: 0 }

const clock = { wallMs: () => 1_000 }
let feed: InvalidationFeed

beforeEach(() => {
  feed = new InvalidationFeed(clock, {})
})

function tell(...events: readonly CacheEvent[]): void {
  for (const event of events) feed.notify(event)
}

describe('rows of invalidations', () => {
  it('say who asked for what, and what it reached where this process knows', () => {
    tell(asked, { ...heard, keys: ['item:2'] })
    expect(feed.rows()).toMatchObject([
      { seq: 1, atMs: 1_000, origin: 'api', via: 'call', keys: ['item:1'], reached: 2 },
      { seq: 2, origin: 'bot', via: 'message', keys: ['item:2'], reached: undefined },
    ])
  })

  it('are one for what this process asked for, although its own message comes back', () => {
    tell({ ...heard, origin: 'api', isOwn: true }, asked)
    expect(feed.rows()).toHaveLength(1)
    expect(feed.rows()[0]?.via).toBe('call')
  })

  it('are one for a group, which is told in every partition, and each for keys', () => {
    for (const partition of [0, 1, 2]) {
      tell({ ...heard, keys: [], tags: ['user:7'], partition }, { ...heard, partition })
    }
    expect(feed.rows().filter(({ scope }) => scope === 'group')).toHaveLength(1)
    expect(feed.rows().filter(({ scope }) => scope === 'key')).toHaveLength(3)
  })

  it('have the widest scope of what they name', () => {
    const scopes = [
      { keys: ['item:1'] },
      { keys: ['item:1'], tags: ['user:7'] },
      { keys: ['family:item'] },
      { keys: ['item:*'] },
      { keys: ['*'] },
    ]
    for (const named of scopes) tell({ ...asked, ...named })
    tell({ kind: 'set', via: 'message', family: 'quote', key: 'quote:1', ...set })
    const found = feed.rows().map(({ scope }) => scope)
    expect(found).toEqual(['key', 'group', 'family', 'pattern', 'all', 'set'])
  })

  it('name a bounded number of keys, and say how many there are', () => {
    tell({ ...asked, keys: Array.from({ length: 5_000 }, (_, id) => `item:${id}`) })
    expect(feed.rows()[0]?.keys).toHaveLength(namesShownMax)
    expect(feed.rows()[0]?.keyCount).toBe(5_000)
  })

  it('take no key for a clear of a family, whatever its template begins with', () => {
    feed = new InvalidationFeed(clock, { relative: declared })
    tell({ ...heard, keys: ['family:smith'], partition: 3 })
    expect(feed.rows()).toMatchObject([{ scope: 'key', keys: ['family:smith'] }])
  })

  it('are fewer where their names are long', () => {
    const long = 'x'.repeat(1_000)
    const keys = Array.from({ length: namesShownMax }, (_, id) => `item:${id}${long}`)
    for (let count = 0; count < rowsMax; count++) tell({ ...asked, keys })
    const kept = feed.rows().flatMap((row) => row.keys)
    expect(kept.reduce((sum, key) => sum + key.length, 0)).toBeLessThanOrEqual(charactersMax)
    expect(feed.rows().at(-1)?.seq).toBe(rowsMax)
    expect(feed.rows(rowsMax - 1)).toHaveLength(1)
  })

  it('are remembered up to a bound, and told from any of them on', () => {
    for (let count = 0; count < rowsMax + 10; count++) tell(asked)
    expect(feed.seen).toBe(rowsMax + 10)
    expect(feed.rows()).toHaveLength(rowsMax)
    expect(feed.rows()[0]?.seq).toBe(11)
    expect(feed.rows(rowsMax + 7).map(({ seq }) => seq - rowsMax)).toEqual([8, 9, 10])
    expect(feed.rows(rowsMax + 10)).toEqual([])
  })
})

describe('who follows', () => {
  it('is woken, and takes what came since, each once', () => {
    tell(asked)
    let woken = 0
    const follower = feed.follow(() => woken++)
    expect(follower.take()).toEqual({ rows: [], dropped: 0 })
    tell(asked, heard, asked)
    expect(woken).toBe(3)
    expect(follower.take(2).rows.map(({ seq }) => seq)).toEqual([2, 3])
    expect(follower.take().rows.map(({ seq }) => seq)).toEqual([4])
    expect(follower.take().rows).toEqual([])
  })

  it('is told how many it has missed: taken and dropped are all that were told', () => {
    const follower = feed.follow(() => {})
    for (let count = 0; count < rowsMax + 25; count++) tell(asked)
    const first = follower.take(10)
    const rest = follower.take()
    expect(first.dropped).toBe(25)
    expect(first.rows.length + rest.rows.length + first.dropped).toBe(feed.seen)
    expect(rest.dropped).toBe(0)
  })

  it('is not woken after it has left', () => {
    let woken = 0
    const follower = feed.follow(() => woken++)
    follower.close()
    tell(asked)
    expect(woken).toBe(0)
  })
})

const set = { why: undefined, origin: 'bot', reason: '', ms: 0 } as const
