import { beforeEach, describe, expect, it } from 'vitest'
import { type PlaceRequest, type Store, StoreFault } from '../core/contracts/store.ts'
import { SeededChance } from '../testing/seeded-chance.ts'
import { VirtualClock } from '../testing/virtual-clock.ts'
import type { Engine } from './engine.ts'
import { QuarantineKeeper } from './quarantine-keeper.ts'
import { Tasks } from './tasks.ts'

const quarantineMs = 30_000

interface Placed {
  readonly atMs: number
  readonly partition: number
  readonly keys: readonly string[]
}

let clock: VirtualClock
let generation: number | undefined
let placed: Placed[]
let answer: () => Promise<void>
let keeper: QuarantineKeeper

beforeEach(() => {
  clock = new VirtualClock()
  generation = 1
  placed = []
  answer = async () => {}
  const startedMs = clock.now()
  const store: Pick<Store, 'partitionOf' | 'place' | 'connectedOf'> = {
    partitionOf: (key) => (key.startsWith('b') ? 1 : 0),
    connectedOf: () =>
      generation === undefined
        ? undefined
        : { stamp: 'stamp', runId: 'run', generation, lostTailMs: undefined },
    place: async (partition: number, request: PlaceRequest) => {
      const keys = request.asks.map(({ key }) => key)
      placed.push({ atMs: Math.round(clock.now() - startedMs), partition, keys })
      await answer()
      return { epoch: 'epoch', seq: 1, receivers: 1, registered: undefined }
    },
  }
  const tasks = new Tasks((error) => {
    throw error
  })
  const settings = { service: 'api', trustMs: 1_500 }
  const chance = new SeededChance(7)
  const engine = { clock, chance, store, tasks, settings } as unknown as Engine
  keeper = new QuarantineKeeper(engine, quarantineMs)
})

function begin(...keys: readonly string[]) {
  const quarantine = keeper.begin(keys, 'reason')
  if (quarantine === undefined) throw new Error('expected room')
  return quarantine
}

async function beginAndPlace(...keys: readonly string[]) {
  const quarantine = begin(...keys)
  for (const placement of quarantine.placements) await keeper.place(placement)
  placed.length = 0
  return quarantine
}

describe('the keeper of quarantines', () => {
  it('divides the keys of a write by partition, under one token', () => {
    const { placements, token } = begin('a1', 'b1', 'a2')
    expect(placements.map(({ partition, asks }) => [partition, asks])).toEqual([
      [
        0,
        [
          { key: 'a1', token },
          { key: 'a2', token },
        ],
      ],
      [1, [{ key: 'b1', token }]],
    ])
  })

  it('renews at half of their time, until the write has ended', async () => {
    const quarantine = await beginAndPlace('a1')
    await clock.advance(2 * quarantineMs + 1)
    keeper.end(quarantine)
    await clock.advance(2 * quarantineMs)
    const atMs = [15_000, 30_000, 45_000, 60_000]
    expect(placed).toEqual(atMs.map((ms) => ({ atMs: ms, partition: 0, keys: ['a1'] })))
  })

  it('places again, on a new connection, what belongs to its partition', async () => {
    await beginAndPlace('a1', 'b1')
    generation = 2
    expect(await keeper.restore(0)).toBe(true)
    expect(placed).toEqual([{ atMs: 0, partition: 0, keys: ['a1'] }])
    await keeper.restore(0)
    expect(placed).toHaveLength(1)
  })

  it('places what could not be placed before its write began', async () => {
    const quarantine = begin('a1')
    keeper.keep(quarantine)
    await keeper.restore(0)
    expect(placed).toEqual([{ atMs: 0, partition: 0, keys: ['a1'] }])
  })

  it('places nothing of which the write has ended', async () => {
    const quarantine = await beginAndPlace('a1')
    keeper.end(quarantine)
    generation = 2
    expect(await keeper.restore(0)).toBe(true)
    expect(placed).toEqual([])
    expect(keeper.keyCount).toBe(0)
  })

  it('gives no proof of a server that does not take them, unless it refuses', async () => {
    await beginAndPlace('a1')
    generation = 2
    for (const kind of ['lost', 'down', 'refused'] as const) {
      answer = async () => {
        throw new StoreFault(kind, kind)
      }
      expect(await keeper.restore(0)).toBe(kind === 'refused')
    }
    answer = () => new Promise(() => {})
    const restoring = keeper.restore(0)
    await clock.advance(1_501)
    expect(await restoring).toBe(false)
    generation = undefined
    expect(await keeper.restore(0)).toBe(false)
  })

  it('places again before the next beat what could not be renewed', async () => {
    await beginAndPlace('a1')
    answer = async () => {
      throw new StoreFault('lost', 'lost')
    }
    await clock.advance(quarantineMs / 2 + 1)
    answer = async () => {}
    await keeper.restore(0)
    expect(placed).toHaveLength(2)
  })

  it('renews nothing any more when the cache is closed', async () => {
    await beginAndPlace('a1')
    keeper.stop()
    begin('a2')
    await clock.advance(2 * quarantineMs)
    expect(placed).toEqual([])
  })
})
