import { expect, test } from 'vitest'
import { VirtualClock } from '../testing/virtual-clock.ts'
import { bucketsMax, TokenBuckets } from './token-buckets.ts'

const one = { intervalMicros: 1_000_000, capacityMicros: 1_000_000, waitMicros: 0, count: 1 }

test('each name has a bucket of its own, filled by time', async () => {
  const clock = new VirtualClock()
  const buckets = new TokenBuckets(clock)
  expect(buckets.take('a', one).kind).toBe('granted')
  expect(buckets.take('a', one)).toMatchObject({ kind: 'refused', retryAfterMs: 1_000 })
  expect(buckets.take('b', one).kind).toBe('granted')
  await clock.advance(1_000)
  expect(buckets.take('a', one).kind).toBe('granted')
})

test('those that are full are forgotten', async () => {
  const clock = new VirtualClock()
  const buckets = new TokenBuckets(clock)
  for (let index = 0; index < 100; index++) buckets.take(`name${index}`, one)
  expect(buckets.count).toBe(100)
  await clock.advance(1_000)
  buckets.take('another', one)
  expect(buckets.count).toBe(1)
})

test('never more are kept than the bound; the one used longest ago goes', () => {
  const buckets = new TokenBuckets(new VirtualClock())
  for (let index = 0; index <= bucketsMax; index++) buckets.take(`name${index}`, one)
  expect(buckets.count).toBe(bucketsMax)
  expect(buckets.take(`name${bucketsMax}`, one).kind).toBe('refused')
  expect(buckets.take('name0', one).kind).toBe('granted')
})
