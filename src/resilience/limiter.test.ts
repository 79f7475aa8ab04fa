import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Deferred } from '../base/deferred.ts'
import { Limiter } from './limiter.ts'

const settle = () => new Promise<void>((resolve) => setImmediate(resolve))

describe('a limiter', () => {
  test('starts at once what it has room for, and the rest in the order of asking', async () => {
    const limiter = new Limiter(2)
    const gates = [0, 1, 2, 3].map(() => new Deferred<void>())
    const started: number[] = []
    const runs = gates.map((gate, index) =>
      limiter.run(() => {
        started.push(index)
        return gate.promise
      }),
    )
    await settle()
    expect(started).toEqual([0, 1])
    gates[1]?.resolve()
    await settle()
    expect(started).toEqual([0, 1, 2])
    gates[0]?.resolve()
    gates[2]?.resolve()
    gates[3]?.resolve()
    await Promise.all(runs)
    expect(started).toEqual([0, 1, 2, 3])
  })

  test('gives back the result, and the error unchanged', async () => {
    const limiter = new Limiter(1)
    const failure = new Error('the source is down')
    expect(await limiter.run(async () => 'value')).toBe('value')
    await expect(limiter.run(() => Promise.reject(failure))).rejects.toBe(failure)
  })

  test('is free again after a task that failed', async () => {
    const limiter = new Limiter(1)
    await limiter.run(() => Promise.reject(new Error('down'))).catch(() => {})
    expect(await limiter.run(async () => 'value')).toBe('value')
  })

  test('is free again after a task that threw before it began to wait', async () => {
    const limiter = new Limiter(1)
    const thrower = () => {
      throw new Error('no promise')
    }
    await limiter.run(thrower).catch(() => {})
    expect(await limiter.run(async () => 'value')).toBe('value')
  })
})

test('never runs more than it may, runs each task once and leaves none in line', async () => {
  const most = fc.integer({ min: 1, max: 4 })
  const task = fc.record({ turns: fc.integer({ min: 1, max: 4 }), fails: fc.boolean() })
  const tasks = fc.array(task, { maxLength: 20 })
  await fc.assert(
    fc.asyncProperty(most, tasks, async (limit, plans) => {
      const limiter = new Limiter(limit)
      let [running, peak, done] = [0, 0, 0]
      const runs = plans.map(({ turns, fails }) =>
        limiter.run(async () => {
          running++
          peak = Math.max(peak, running)
          for (let turn = 0; turn < turns; turn++) await settle()
          running--
          done++
          if (fails) throw new Error('planned')
        }),
      )
      await Promise.allSettled(runs)
      // Every task takes a turn at least, so as many run side by side as may.
      expect(peak).toBe(Math.min(limit, plans.length))
      expect([running, done]).toEqual([0, plans.length])
    }),
    { numRuns: 60 },
  )
})
