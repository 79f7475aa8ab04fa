import { expect, test } from 'vitest'
import { SeededChance } from '../testing/seeded-chance.ts'
import { VirtualClock } from '../testing/virtual-clock.ts'
import { Plans, planMs, plansMax } from './plans.ts'

function world() {
  const clock = new VirtualClock()
  return { clock, plans: new Plans<string>(clock, new SeededChance(1)) }
}
const plan = { route: 'clear', change: 'clear markets', confirm: 'market' }
const redemption = { user: 'ann', route: 'clear', typed: 'market' }

test('gives a plan once, by its route, to who made it and typed what had to be typed', () => {
  const { plans } = world()
  const planId = plans.keep('ann', plan)
  expect(() => plans.take({ ...redemption, planId, user: 'bob' })).toThrow(/Make a dry run again/)
  const elsewhere = { ...redemption, planId, route: 'invalidate' }
  expect(() => plans.take(elsewhere)).toThrow(/Make a dry run again/)
  expect(() => plans.take({ ...redemption, planId, typed: 'markets' })).toThrow(/Type "market"/)
  expect(plans.take({ ...redemption, planId })).toBe('clear markets')
  expect(() => plans.take({ ...redemption, planId })).toThrow(/Make a dry run again/)
})

test('forgets a plan after a minute', async () => {
  const { plans, clock } = world()
  const planId = plans.keep('ann', plan)
  await clock.time.advance(planMs)
  expect(() => plans.take({ ...redemption, planId })).toThrow(/Make a dry run again/)
})

test('keeps a bounded number, the newest', () => {
  const { plans } = world()
  const first = plans.keep('ann', plan)
  const others = Array.from({ length: plansMax }, () => plans.keep('ann', plan))
  expect(plans.count).toBe(plansMax)
  expect(() => plans.take({ ...redemption, planId: first })).toThrow(/Make a dry run again/)
  expect(plans.take({ ...redemption, planId: others.at(-1) ?? '' })).toBe('clear markets')
})
