import { expect, test } from 'vitest'
import { ChangeLimit, changesPerMinute } from './change-limit.ts'

test('lets each user change so much a minute, whatever others do', () => {
  const limit = new ChangeLimit()
  for (let change = 0; change < changesPerMinute; change++) limit.take('ann', 1_000)
  expect(() => limit.take('ann', 1_000)).toThrow(/at most 60 changes a minute/)
  limit.take('bob', 1_000)
  limit.take('ann', 2_000)
  expect(() => limit.take('ann', 2_000)).toThrow(/at most 60/)
})
