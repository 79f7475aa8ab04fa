import { expect, test } from 'vitest'
import { EvictionRates } from './eviction-rate.ts'

const hourMs = 3_600_000

/** What is told at each minute. */
function told(minutes: readonly Readonly<Record<string, number | undefined>>[]) {
  const rates = new EvictionRates()
  return minutes.map((evicted, at) => rates.note(at * 60_000, new Map(Object.entries(evicted))))
}

test('is what all nodes evict in an hour, as soon as a minute of each is known', () => {
  const minutes = [{ a: 1_000 }, { a: 1_010, b: 500 }, { a: 1_020, b: 501 }]
  expect(told(minutes)).toEqual([undefined, undefined, 660])
})

test('is not known while one of them does not answer, and goes on when it does', () => {
  const minutes = [
    { a: 0, b: 5_000_000 },
    { a: 1, b: undefined },
    { a: 2, b: 5_000_002 },
  ]
  expect(told(minutes)).toEqual([undefined, undefined, 120])
})

test('begins anew with a node whose counter falls, and with one that had left', () => {
  expect(told([{ a: 900 }, { a: 0 }, { a: 3 }])).toEqual([undefined, undefined, 180])
  const left = [{ a: 0, b: 0 }, { a: 0 }, { a: 0, b: 5_000_000 }, { a: 0, b: 5_000_001 }]
  expect(told(left)).toEqual([undefined, 0, undefined, 60])
})

test('is of the last hour', () => {
  const rates = new EvictionRates()
  let last: number | undefined
  for (let minute = 0; minute <= 120; minute++) {
    last = rates.note((minute * hourMs) / 60, new Map([['a', minute < 60 ? 0 : minute - 60]]))
  }
  expect(last).toBe(60)
})
