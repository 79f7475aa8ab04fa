import { describe, expect, test } from 'vitest'
import { faultKinds } from './fault-plan.ts'
import { planOf } from './plan.ts'
import { shrink } from './shrink.ts'
import { runPlan } from './simulate.ts'

describe('a plan', () => {
  test('is decided by its seed and its kind', () => {
    expect(planOf({ kind: 'pause', seed: 7 })).toEqual(planOf({ kind: 'pause', seed: 7 }))
    expect(planOf({ kind: 'pause', seed: 7 })).not.toEqual(planOf({ kind: 'pause', seed: 8 }))
  })

  test('has its operations in the order of their times, and faults of its kind alone', () => {
    for (const kind of faultKinds) {
      const { operations, faults, processes } = planOf({ kind, seed: 3, operations: 100 })
      const times = operations.map(({ atMs }) => atMs)
      expect(times).toEqual([...times].sort((one, other) => one - other))
      expect(operations).toHaveLength(100)
      expect(faults.length > 0).toBe(kind !== 'none')
      for (const { process } of [...operations, ...faults]) expect(process).toBeLessThan(processes)
    }
  })
})

describe('a run', () => {
  test('is the same each time, to the last step', async () => {
    const plan = planOf({ kind: 'everything', seed: 11, operations: 200 })
    const [first, second] = [await runPlan(plan), await runPlan(plan)]
    expect(second).toEqual(first)
    expect(first.operations).toBeGreaterThan(150)
    expect(first.violations).toEqual([])
  })

  test('of other seeds is another one', async () => {
    const digests = new Set<string>()
    for (const seed of [1, 2, 3]) {
      const { digest } = await runPlan(planOf({ kind: 'none', seed, operations: 50 }))
      digests.add(digest)
    }
    expect(digests.size).toBe(3)
  })

  test('without some of its operations does the others as before', async () => {
    const plan = planOf({ kind: 'none', seed: 5, operations: 40, processes: 2 })
    const reads = plan.operations.filter(({ deed }) => deed === 'read')
    const report = await runPlan({ ...plan, operations: reads })
    expect(report.operations).toBe(reads.length)
    expect(report.tally.pending).toBe(0)
  })
})

describe('shrinking', () => {
  test('leaves what is needed to fail, and nothing else', async () => {
    const plan = planOf({ kind: 'pause', seed: 1, operations: 60 })
    const needed = [plan.operations[13]?.index, plan.operations[41]?.index]
    const [fault] = plan.faults
    const fails = async ({ operations, faults }: typeof plan) =>
      needed.every((index) => operations.some((each) => each.index === index)) &&
      faults.some((each) => each.index === fault?.index)
    const smallest = await shrink(plan, fails)
    expect(smallest.operations.map(({ index }) => index)).toEqual(needed)
    expect(smallest.faults).toEqual([fault])
  })

  test('gives up on smaller ones when none of them fails', async () => {
    const plan = planOf({ kind: 'pause', seed: 1, operations: 20 })
    expect(await shrink(plan, async () => false)).toEqual(plan)
  })
})
