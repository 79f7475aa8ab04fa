import { beforeEach, describe, expect, test, vi } from 'vitest'
import { DebounceWorld } from './debounce-world.test-support.ts'
import { debounceGraceMs } from './debouncer.ts'

let world: DebounceWorld

beforeEach(() => {
  world = new DebounceWorld()
})

describe('closing', () => {
  test('writes what waits, in batches, and takes no more', async () => {
    const debounce = world.open({ maxBatch: 2 })
    for (const key of ['a', 'b', 'c']) debounce.add(key, 1)
    const closing = debounce.close()
    expect(() => debounce.add('d', 1)).toThrow('SP_CLOSED')
    await closing
    expect(world.writes.map(({ entries }) => Object.keys(entries).length)).toEqual([2, 1])
    expect(world.debounces.isEmpty).toBe(true)
  })

  test('opens no other one, which nobody would close', async () => {
    world.open().add('a', 1)
    const closing = world.debounces.close()
    expect(() => world.open()).toThrow('SP_CLOSED')
    await closing
    expect(world.writes).toHaveLength(1)
  })

  test('tries again as long as there is time', async () => {
    const debounce = world.open()
    debounce.add('a', 1)
    world.failures = 5
    const closing = debounce.close()
    await world.clock.advance(debounceGraceMs)
    await closing
    expect(world.writes).toHaveLength(1)
  })

  test('reports what could not be written, and gives up', async () => {
    const debounce = world.open()
    debounce.add('a', 1)
    debounce.add('b', 1)
    world.failures = Number.POSITIVE_INFINITY
    const closing = world.debounces.close()
    await world.clock.advance(debounceGraceMs + 1)
    await closing
    const lost = { error: { code: 'SP_DEBOUNCE_LOST', cause: expect.any(Error) } }
    expect(world.faults.at(-1)).toMatchObject(lost)
    const asked = world.signals.length
    await world.clock.advance(60_000)
    expect(world.signals).toHaveLength(asked)
  })

  test('ends a flush that hangs by its signal', async () => {
    const debounce = world.open({ wait: '1s' })
    world.hold()
    debounce.add('a', 1)
    await world.clock.advance(1_001)
    const closing = debounce.close().catch((error) => error.code)
    await world.clock.advance(debounceGraceMs + 1)
    expect(await closing).toBe('SP_DEBOUNCE_LOST')
    expect(world.signals[0]?.aborted).toBe(true)
  })
})

test('one that fails after its time leaves no timer', async () => {
  const debounce = world.open({ wait: '1s' })
  world.hold()
  debounce.add('a', 1)
  await world.clock.advance(1_001)
  const closing = debounce.close().catch((error) => error.code)
  await world.clock.advance(debounceGraceMs + 1)
  await closing
  const timer = vi.spyOn(world.clock, 'timer')
  world.failures = 1
  world.letGo()
  await world.clock.advance(1_000)
  expect(timer).not.toHaveBeenCalled()
})
