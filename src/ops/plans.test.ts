import { expect, test } from 'vitest'
import { SeededChance } from '../testing/seeded-chance.ts'
import { VirtualClock } from '../testing/virtual-clock.ts'
import { Plans, planMs, plansMax } from './plans.ts'

function world() {
  const clock = new VirtualClock()
  return { clock, plans: new Plans<string>(clock, new SeededChance(1)) }
}
const plan = { change: 'clear markets', confirm: 'market' }

test('gives a plan once, to the user who made it and typed what had to be typed', () => {
  const { plans } = world()
  const planId = plans.keep('ann', plan)
  expect(() => plans.take('bob', planId, 'market')).toThrow(/Make a dry run again/)
  expect(() => plans.take('ann', planId, 'markets')).toThrow(/Type "market"/)
  expect(plans.take('ann', planId, 'market')).toBe('clear markets')
  expect(() => plans.take('ann', planId, 'market')).toThrow(/Make a dry run again/)
})

test('forgets a plan after a minute', async () => {
  const { plans, clock } = world()
  const planId = plans.keep('ann', plan)
  await clock.time.advance(planMs)
  expect(() => plans.take('ann', planId, 'market')).toThrow(/Make a dry run again/)
})

test('keeps a bounded number, the newest', () => {
  const { plans } = world()
  const first = plans.keep('ann', plan)
  const others = Array.from({ length: plansMax }, () => plans.keep('ann', plan))
  expect(plans.count).toBe(plansMax)
  expect(() => plans.take('ann', first, 'market')).toThrow(/Make a dry run again/)
  expect(plans.take('ann', others.at(-1) ?? '', 'market')).toBe('clear markets')
})
