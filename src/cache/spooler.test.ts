import { beforeEach, describe, expect, test } from 'vitest'
import { Deferred } from '../base/deferred.ts'
import { nameOfWish, type Wish } from '../coherence/index.ts'
import type { Spool } from '../core/contracts/spool.ts'
import { StaleproofError } from '../core/errors.ts'
import {
  askOf,
  type DeliveryWorld,
  deliveryWorld,
  spoolerOf,
} from './delivery-world.test-support.ts'
import { Evictor } from './evictor.ts'
import { Keeper } from './keeper.ts'
import { formatSpoolLine, parseSpoolLine } from './spool-line.ts'
import type { Spooler } from './spooler.ts'

/** A file in memory. */
class MemorySpool implements Spool {
  lines: string[] = []
  left: readonly string[] = []
  writes = 0
  isBroken = false
  /** What a write under way waits for. */
  held: Promise<void> | undefined
  async open(): Promise<void> {
    this.#check()
  }
  async *adopt(): AsyncGenerator<readonly string[], void> {
    this.lines.push(...this.left)
    yield this.left
  }
  async append(lines: readonly string[]): Promise<void> {
    this.#check()
    await this.held
    this.lines.push(...lines)
  }
  async rewrite(lines: readonly string[]): Promise<void> {
    this.#check()
    await this.held
    this.lines = [...lines]
  }
  async close(): Promise<void> {}
  get names(): readonly string[] {
    return this.lines.map((line) => {
      const record = parseSpoolLine(line)
      if (record === undefined) return 'damaged'
      return 'pattern' in record ? record.pattern : nameOfWish(record.wish)
    })
  }
  #check(): void {
    this.writes++
    if (this.isBroken) throw new StaleproofError('SP_JOURNAL_UNWRITABLE', 'told to be broken')
  }
}

const keyWish = (key: string): Wish => ({ kind: 'key', ask: askOf(key) })
const lineOf = (wish: Wish, partition = 0) =>
  formatSpoolLine({ wish, partition, reason: 'left', sinceMs: 1, via: 'retry' })

let world: DeliveryWorld
let spool: MemorySpool
let spooler: Spooler
let keeper: Keeper

beforeEach(async () => {
  world = await deliveryWorld({ partitions: 2 })
  spool = new MemorySpool()
  spooler = spoolerOf(world.engine, spool)
  keeper = new Keeper({ engine: world.engine, evictor: evictorOf(), spooler })
})

const evictorOf = () => new Evictor(world.engine.flights, () => undefined)
const keep = (...wishes: readonly Wish[]) =>
  keeper.keep({ partition: 0, wishes, reason: 'test', sent: undefined })
const deliverAll = () => {
  for (const kind of ['key', 'tag', 'floor'] as const) {
    const entries = world.engine.journal.next(0, kind, 1_000_000)
    if (entries.length > 0) keeper.executed(0, entries, { reached: 1, ms: 0 })
  }
  return world.engine.tasks.settled()
}
/** Promises that have been resolved are followed until so many writes have begun. */
const eventuallyWriting = async (writes: number) => {
  for (let turn = 0; turn < 100 && spool.writes < writes; turn++) await Promise.resolve()
  expect(spool.writes).toBe(writes)
}
const faults = () =>
  world.events.flatMap((event) => (event.kind === 'fault' ? [event.error.code] : []))

describe('what is pending', () => {
  test('is on disk when keeping it has ended', async () => {
    await keep(keyWish('a:1'), { kind: 'tag', tag: 'b' }, { kind: 'floor' })
    await keeper.keepPattern({ pattern: 'a:*', reason: 'test' })
    expect(spool.names).toEqual(['a:1', 'tag:b', '*', 'a:*'])
    expect(world.engine.delivery.spooled).toBe(4)
  })

  test('is written with others that come meanwhile', async () => {
    await Promise.all(['1', '2', '3', '4'].map((id) => keep(keyWish(id))))
    expect(spool.names).toEqual(['1', '2', '3', '4'])
    expect(spool.writes).toBeLessThanOrEqual(2)
  })

  test('is gone from disk once all of it was delivered', async () => {
    await keep(keyWish('a:1'), { kind: 'tag', tag: 'b' })
    await deliverAll()
    expect([spool.names, world.engine.delivery.spooled]).toEqual([[], 0])
  })

  test('is gone from disk also where it was delivered before it had been written', async () => {
    const disk = new Deferred<void>()
    spool.held = disk.promise
    const kept = [keep(keyWish('a:1')), keep(keyWish('a:2'))]
    const delivered = deliverAll()
    disk.resolve()
    await Promise.all([...kept, delivered])
    expect([spool.names, world.engine.delivery.spooled]).toEqual([[], 0])
  })

  test('is gone from disk also where it was delivered while all was written anew', async () => {
    spool.isBroken = true
    await keep(keyWish('a:1'))
    spool.isBroken = false
    const disk = new Deferred<void>()
    spool.held = disk.promise
    const kept = keep(keyWish('a:2'))
    await eventuallyWriting(2)
    const delivered = deliverAll()
    disk.resolve()
    await Promise.all([kept, delivered])
    expect([spool.names, world.engine.delivery.spooled]).toEqual([[], 0])
  })

  test('is written whole where too much came during one write', async () => {
    const disk = new Deferred<void>()
    spool.held = disk.promise
    const first = keep(keyWish('first'))
    await eventuallyWriting(1)
    const many = Array.from({ length: 6_000 }, (_, index) => keyWish(`a:${index}`))
    const rest = [keep(...many), keep(...many, keyWish('late'))]
    disk.resolve()
    await Promise.all([first, ...rest])
    expect(spool.names).toHaveLength(6_002)
    expect(spool.names).toContain('late')
  })

  test('does not make the file grow for ever while something else stays pending', async () => {
    await keep(keyWish('stays'))
    for (let index = 0; index < 1_200; index++) {
      await keep(keyWish(`a:${index}`))
      const [, entry] = world.engine.journal.next(0, 'key', 2)
      if (entry !== undefined) keeper.executed(0, [entry], { reached: 1, ms: 0 })
    }
    await world.engine.tasks.settled()
    expect(spool.lines.length).toBeLessThan(1_010)
    expect(spool.names).toContain('stays')
  })

  test('that was only to be said again is not written for a successor', async () => {
    const wish = keyWish('replayed')
    const entry = { wish, reason: '', sinceMs: 1, via: 'replay' } as const
    spool.left = [lineOf(keyWish('left'))]
    world.engine.journal.add(0, entry)
    await spooler.open()
    expect(spool.names).toEqual(['left'])
  })
})

describe('what others have left', () => {
  test('is pending when it has been opened, in the partition where it belongs now', async () => {
    const key = 'a:1'
    spool.left = [lineOf(keyWish(key), 7), lineOf({ kind: 'tag', tag: 'b' }, 9)]
    await spooler.open()
    const { journal, store } = world.engine
    expect(journal.isPending(store.partitionOf(key), key, [])).toBe(true)
    const tags = [0, 1].map((partition) => journal.isPending(partition, 'other', ['b']))
    expect(tags).toEqual([true, true])
  })

  test('is reported where it is damaged, and everything is invalidated for it', async () => {
    spool.left = ['{"wish":{"kind":"key"', lineOf(keyWish('a:1'))]
    await spooler.open()
    expect(faults()).toEqual(['SP_JOURNAL_DAMAGED'])
    const { journal } = world.engine
    const pending = [...journal.list()].map(({ key }) => key)
    expect(pending.filter((key) => key === '*')).toHaveLength(2)
    expect(pending).toContain('a:1')
  })
})

describe('a disk that can not be written', () => {
  test('keeps no call waiting beyond its budget, and is reported', async () => {
    spool.held = new Promise(() => {})
    const kept = keep(keyWish('a:1'))
    await world.clock.advance(world.engine.settings.budgetMs + 1)
    await kept
    expect(faults()).toEqual(['SP_JOURNAL_UNWRITABLE'])
  })

  test('refuses to be opened', async () => {
    spool.isBroken = true
    await expect(spooler.open()).rejects.toMatchObject({ code: 'SP_JOURNAL_UNWRITABLE' })
  })

  test('fails nothing later: it is reported, and all is written when it works again', async () => {
    await keep(keyWish('before'))
    spool.isBroken = true
    await keep(keyWish('missed'))
    expect(faults()).toEqual(['SP_JOURNAL_UNWRITABLE'])
    spool.isBroken = false
    await keep(keyWish('after'))
    expect(spool.names).toEqual(['before', 'missed', 'after'])
  })
})
