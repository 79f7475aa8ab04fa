import { expect, test } from 'vitest'
import { faultKinds } from './fault-plan.ts'
import { planOf } from './plan.ts'
import { runPlan } from './simulate.ts'

const seedsPerKind = 2

test('shadow reads of every hit raise no false alarm, whatever is lost or dies', async () => {
  const violations: string[] = []
  const compared = new Map<string, number>()
  for (const kind of faultKinds) {
    for (let seed = 1; seed <= seedsPerKind; seed++) {
      const plan = planOf({ kind, seed, operations: 150 })
      const report = await runPlan({ ...plan, shadowReads: 1 })
      compared.set(kind, (compared.get(kind) ?? 0) + report.shadowReads)
      violations.push(...report.violations.map((one) => `${kind} ${seed}: ${one}`))
    }
  }
  expect(violations).toEqual([])
  for (const kind of faultKinds) expect(compared.get(kind), kind).toBeGreaterThan(0)
}, 300_000)
