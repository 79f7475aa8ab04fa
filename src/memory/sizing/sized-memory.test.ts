import { describe, expect, it } from 'vitest'
import type { Entry } from '../../core/entry.ts'
import { AdaptiveMemory } from '../adaptive-memory.ts'
import { hashOfId } from '../id-hash.ts'
import { SizedMemory } from './sized-memory.ts'

const bytesMax = 500_000
const entriesMax = 1_000_000
const roundMs = 30_000

const entry: Entry = {
  partition: 0,
  value: 'x'.repeat(100),
  fid: '',
  clock: 0,
  tags: [],
  order: '',
  bornMs: 0,
  untilMs: Number.MAX_SAFE_INTEGER,
  staleUntilMs: Number.MAX_SAFE_INTEGER,
  generation: 1,
}

function random(): { unit(): number } {
  let calls = 0
  return { unit: () => hashOfId(++calls) / 2 ** 32 }
}

class World {
  readonly memory: SizedMemory
  readonly #chance = random()
  #nowMs = 0
  #scanned = 0

  constructor(mode: 'advise' | 'apply') {
    const options = { bytesMax, entriesMax, mode }
    this.memory = new SizedMemory(new AdaptiveMemory(options), options, random())
  }

  /** Half a minute in which one family is scanned and another has more ids than it may hold. */
  round(): number {
    const [uses, hungryIds] = [12_000, 1_500]
    let hits = 0
    for (let use = 0; use < uses; use++) {
      if (this.#read('hungry', Math.floor(this.#chance.unit() * hungryIds))) hits++
      this.#read('scan', this.#scanned++)
    }
    this.#nowMs += roundMs
    this.memory.sweep(this.#nowMs)
    return hits / uses
  }

  rounds(count: number): number {
    let last = 0
    for (let round = 0; round < count; round++) last = this.round()
    return last
  }

  #read(family: string, id: number): boolean {
    const region = this.memory.region(family)
    const slot = region.find(id)
    if (slot === -1) region.put(id, entry, this.#nowMs)
    else region.touch(slot)
    return slot !== -1
  }
}

describe('advice', () => {
  it('says who should have more and who less, and moves nothing', () => {
    const world = new World('advise')
    world.memory.region('seldom').put(1, entry, 0)
    const [first, last] = [world.rounds(6), world.rounds(4)]
    const { sizing, families } = world.memory.stats()
    expect(sizing?.mode).toBe('advise')
    expect(sizing?.gain).toBeGreaterThan(0.02)
    const { hungry, scan, ...others } = sizing?.families ?? {}
    expect(others).toEqual({})
    expect(hungry?.bytesAdvised).toBeGreaterThan((hungry?.bytes ?? 0) * 1.3)
    expect(scan?.bytesAdvised).toBeLessThan((scan?.bytes ?? 0) * 0.7)
    expect(families.hungry?.bytesShare).toBe(bytesMax / 3)
    expect(Math.abs(last - first)).toBeLessThan(0.05)
  })

  it('comes with what more and less memory would hit', () => {
    const world = new World('advise')
    world.rounds(6)
    const { sizing, bytes } = world.memory.stats()
    const ratios = sizing?.curve.map(({ hitRatio }) => hitRatio) ?? []
    expect(ratios).toEqual(ratios.toSorted((one, other) => one - other))
    const at = (times: number) => {
      return sizing?.curve.find((point) => Math.abs(point.bytes / bytes - times) < 0.1)?.hitRatio
    }
    // Half of the reads are a scan; with four times the room all others hit.
    expect(at(4)).toBeGreaterThan(0.45)
    expect(at(4)).toBeLessThanOrEqual(0.5)
    expect(at(1 / 4)).toBeLessThan((at(1) ?? 0) / 2)
  })

  it('is not given before there was half a minute, or enough to judge by', () => {
    const { memory } = new World('advise')
    memory.region('quiet').put(1, entry, 0)
    memory.sweep(0)
    memory.sweep(roundMs)
    expect(memory.stats().sizing).toEqual({ mode: 'advise', gain: 0, families: {}, curve: [] })
  })

  it('is not given as long as room is not short', () => {
    const { memory } = new World('advise')
    const region = memory.region('small')
    for (let use = 0; use < 400_000; use++) {
      const slot = region.find(use % 50)
      if (slot === -1) region.put(use % 50, entry, 0)
      else region.touch(slot)
    }
    memory.sweep(0)
    memory.sweep(roundMs)
    expect(memory.stats().sizing?.families).toEqual({})
  })
})

describe('applied', () => {
  it('hits become more, step by step, and the bounds hold', () => {
    const world = new World('apply')
    const first = world.rounds(3)
    let before = world.memory.stats().families.hungry?.bytesShare ?? 0
    for (let round = 0; round < 16; round++) {
      world.round()
      const { families, bytes } = world.memory.stats()
      const share = families.hungry?.bytesShare ?? 0
      expect(share - before).toBeLessThanOrEqual(bytesMax * 0.06)
      expect(bytes).toBeLessThanOrEqual(bytesMax)
      before = share
    }
    expect(before).toBeGreaterThan(bytesMax * 0.65)
    expect(before).toBeLessThanOrEqual(bytesMax * 0.77)
    expect(world.round()).toBeGreaterThan(first + 0.1)
  })
})
