import { describe, expect, test } from 'vitest'
import type { AccessObserver, MemoryId, Region, Standing } from '../core/contracts/memory.ts'
import { AdaptiveMemory } from './adaptive-memory.ts'
import { entryOf } from './entry.test-support.ts'

const bytesMax = 2 ** 40
const regionOf = (entriesMax: number) =>
  new AdaptiveMemory({ bytesMax, entriesMax }).region('users')

/** A read that fills on a miss; true: it was held. */
function read(region: Region, id: MemoryId): boolean {
  const slot = region.find(id)
  if (slot < 0) region.put(id, entryOf(), 0)
  else region.touch(slot)
  return slot >= 0
}

/** Share of reads that were held, of each id in turn. */
function hitRatioOf(region: Region, ids: readonly MemoryId[]): number {
  return ids.filter((id) => read(region, id)).length / ids.length
}

describe('a region', () => {
  test('keeps what was put, by the id itself', () => {
    const region = regionOf(10)
    const entry = entryOf({ value: { a: 1 }, fid: 'zZ09-_AbCdEfGhIj', partition: 255, clock: 17 })
    region.put(7, entry, 0)
    expect(region.get(7)).toEqual(entry)
    expect(region.get('7')).toBeUndefined()
    expect(region.find({ id: 7 })).toBe(-1)
  })

  test('gives back tags, order, odd fill ids and long lives as they were', () => {
    const region = regionOf(10)
    const entry = entryOf({
      tags: ['_users', 'user:7'],
      order: '9223372036854775807',
      fid: 'not of the usual form',
      bornMs: 1_000.25,
      untilMs: 2_000.25,
      staleUntilMs: 5_000.25,
    })
    region.put('a', entry, 0)
    region.put('b', entryOf({ order: '0000000000000000000' }), 0)
    expect(region.get('a')).toEqual(entry)
    expect(region.get('b')?.order).toBe('0000000000000000000')
  })

  test('rounds a life down, never up', () => {
    const region = regionOf(10)
    region.put(1, entryOf({ bornMs: 0.5, untilMs: 100.4, staleUntilMs: 100.4 }), 0)
    expect(region.get(1)).toMatchObject({ bornMs: 0.5, untilMs: 99.5, staleUntilMs: 99.5 })
  })

  test('has nothing of an earlier entry in a slot that is used again', () => {
    const region = regionOf(1)
    const rich = { tags: ['_users', 'a'], order: '1', fid: 'odd', staleUntilMs: 2_000_000 }
    region.put(1, entryOf(rich), 0)
    region.drop(1)
    region.put(2, entryOf(), 0)
    expect(region.get(2)).toEqual(entryOf())
  })
})

describe('an entry is served', () => {
  const standing = (parts: Partial<Standing['trust']> = {}, covers = true): Standing => ({
    trust: { untilMs: 10_000, generation: 1, ...parts },
    groups: { newest: 5, covers: () => covers },
  })
  const served = (standings: readonly Standing[], nowMs: number, parts = {}) => {
    const region = regionOf(10)
    region.put(1, entryOf({ untilMs: 1_000, clock: 4, ...parts }), 0)
    return region.serve(1, standings, nowMs) >= 0
  }

  test('while it is fresh, trusted, of this generation, and its groups cover it', () => {
    expect(served([standing()], 999)).toBe(true)
  })

  test.each([
    ['after its life', [standing()], 1_000],
    ['after trust', [standing({ untilMs: 500 })], 500],
    ['of another generation', [standing({ generation: 2 })], 0],
    ['of an invalidated group', [standing({}, false)], 0],
    ['of a partition that is not there', [], 0],
  ])('not %s', (_name, standings, nowMs) => {
    expect(served(standings, nowMs)).toBe(false)
  })

  test('without a look at its groups where its clock is as new as all of them', () => {
    expect(served([standing({}, false)], 0, { clock: 5 })).toBe(true)
  })

  test('by the standing of its own partition', () => {
    expect(served([standing({ generation: 2 }), standing()], 0, { partition: 1 })).toBe(true)
  })
})

describe('when room is short', () => {
  const range = (count: number, from = 0) => Array.from({ length: count }, (_, at) => at + from)

  test('a scan leaves alone what is used', () => {
    const region = regionOf(100)
    for (let round = 0; round < 3; round++) hitRatioOf(region, range(50))
    hitRatioOf(region, range(10_000, 1_000))
    expect(hitRatioOf(region, range(50))).toBeGreaterThan(0.9)
  })

  test('what was used once since it came outlives what was not', () => {
    const region = regionOf(10)
    for (const id of range(10)) read(region, id)
    read(region, 0)
    for (const id of range(9, 100)) read(region, id)
    expect([region.find(0) >= 0, region.find(1)]).toEqual([true, -1])
  })

  test('an id that comes back soon after its eviction stays', () => {
    const region = regionOf(20)
    for (const id of range(10)) for (let use = 0; use < 2; use++) read(region, id)
    for (const id of range(11, 100)) read(region, id)
    expect(region.find(100)).toBe(-1)
    read(region, 100)
    for (const id of range(9, 200)) read(region, id)
    expect(region.find(100)).toBeGreaterThanOrEqual(0)
  })

  test('ghosts lengthen the small queue where ids come back after a while', () => {
    // Each id is read twice, a while apart, and never again: main is of no use for it.
    const region = regionOf(200)
    const apart = 100
    const ids = range(20_000).map((at) => (at % 2 === 0 ? at : Math.max(0, at - 1 - 2 * apart)))
    hitRatioOf(region, ids.slice(0, 10_000))
    const learned = hitRatioOf(region, ids.slice(10_000))
    expect(learned).toBeGreaterThan(0.45)
  })

  test('ids remembered after their eviction are bounded', () => {
    const memory = new AdaptiveMemory({ bytesMax, entriesMax: 1_000 })
    const region = memory.region('users')
    for (const id of range(50_000)) read(region, id)
    expect(memory.stats().ghosts).toBeGreaterThan(500)
    expect(memory.stats().ghosts).toBeLessThanOrEqual(4_096)
  })
})

describe('an observer', () => {
  class Witness implements AccessObserver {
    readonly told: { readonly uses: number; readonly isHit: boolean }[] = []
    readonly #gap: number
    readonly #answer: boolean

    constructor(gap: number, answer: boolean) {
      this.#gap = gap
      this.#answer = answer
    }

    used(_hash: number, uses: number, isHit: boolean): boolean {
      this.told.push({ uses, isHit })
      return isHit && this.#answer
    }

    gap(): number {
      return this.#gap
    }
  }

  const hitsOf = ({ told }: Witness) => told.filter(({ isHit }) => isHit)

  test('is told of each id that comes, and of touches as far apart as it asks', () => {
    const region = regionOf(10)
    const witness = new Witness(4, false)
    region.observe(witness)
    for (let use = 0; use < 13; use++) read(region, 1)
    expect(witness.told).toEqual([
      { uses: 1, isHit: false },
      ...[5, 9, 13].map((uses) => ({ uses, isHit: true })),
    ])
  })

  test('is told of the next use of an id where it wants to know', () => {
    const region = regionOf(10)
    const witness = new Witness(5, true)
    region.put(2, entryOf(), 0)
    region.observe(witness)
    for (const id of [2, 2, 2, 2]) read(region, id)
    expect(hitsOf(witness)).toHaveLength(0)
    read(region, 2)
    expect(hitsOf(witness)).toHaveLength(1)
    read(region, 2)
    expect(hitsOf(witness)).toHaveLength(2)
  })

  test('that has gone is told nothing', () => {
    const region = regionOf(10)
    const witness = new Witness(1, true)
    region.observe(witness)
    region.observe(undefined)
    for (let use = 0; use < 3; use++) read(region, 1)
    expect(witness.told).toEqual([])
  })
})
