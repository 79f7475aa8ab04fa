import { describe, expect, test } from 'vitest'
import { AdaptiveMemory } from './adaptive-memory.ts'
import { entryOf, textOf } from './entry.test-support.ts'

const kilobyte = 1_024
const memoryOf = (bytesMax = 8 * kilobyte) => new AdaptiveMemory({ bytesMax, entriesMax: 100 })

describe('what is kept beyond its life', () => {
  const aging = (id: number) => ({ value: textOf(400 + 8 * id), untilMs: 100, staleUntilMs: 1_000 })

  test('is held until its end, and then no longer', () => {
    const memory = memoryOf()
    const region = memory.region('users')
    region.put(1, entryOf(aging(1)), 0)
    memory.sweep(999)
    expect(region.get(1)).toMatchObject({ untilMs: 100, staleUntilMs: 1_000 })
    expect(memory.stats()).toMatchObject({ bytesStale: 408 })
    memory.sweep(1_000)
    expect(region.get(1)).toBeUndefined()
    expect(memory.stats()).toMatchObject({ bytesStale: 0, evictions: { expired: 1 } })
  })

  test('holds an eighth of the bytes at most, and the oldest goes', () => {
    const memory = memoryOf(8 * kilobyte)
    const region = memory.region('users')
    for (let id = 1; id <= 5; id++) region.put(id, entryOf(aging(id)), 0)
    memory.sweep(500)
    expect(memory.stats()).toMatchObject({ entries: 2, evictions: { stale: 3 } })
    expect(memory.stats().bytesStale).toBeLessThanOrEqual(kilobyte)
  })

  test('is the first to go, in whichever family it is', () => {
    const memory = memoryOf(8 * kilobyte)
    const [idle, busy] = [memory.region('idle'), memory.region('busy')]
    idle.put(1, entryOf(aging(1)), 0)
    for (let id = 1; id <= 7; id++) busy.put(id, entryOf({ value: textOf(kilobyte) }), 0)
    memory.sweep(500)
    busy.put(8, entryOf({ value: textOf(kilobyte) }), 500)
    expect([idle.count, busy.count]).toEqual([0, 8])
    expect(memory.stats().evictions).toMatchObject({ stale: 1, bytes: 0 })
  })

  test('is no longer stale when it is replaced by what is fresh', () => {
    const memory = memoryOf()
    const region = memory.region('users')
    region.put(1, entryOf(aging(1)), 0)
    memory.sweep(500)
    region.put(1, entryOf({ untilMs: 2_000 }), 500)
    memory.sweep(1_500)
    expect(memory.stats()).toMatchObject({ entries: 1, bytesStale: 0 })
  })
})
