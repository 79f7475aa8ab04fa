import { expect, test } from 'vitest'
import { InstantClock } from './instant-clock.test-support.ts'
import { type Advice, LoadWatch, quantile } from './load-watch.ts'

/** Each PING takes as long as the test says, by a clock of its own. */
async function advised(baselineMs: number, pingsMs: readonly number[]): Promise<readonly Advice[]> {
  const clock = new InstantClock()
  const waiting = [...pingsMs]
  const call = async (): Promise<string> => {
    clock.pass(waiting.shift() ?? 0)
    return 'PONG'
  }
  const watch = new LoadWatch({ inspection: { call }, clock, baselineMs })
  const advice: Advice[] = []
  for (const _ of pingsMs) advice.push(await watch.advise())
  return advice
}

const of = (count: number, ms: number): number[] => Array.from({ length: count }, () => ms)

test('a server that answers as before is not spared', async () => {
  expect(new Set(await advised(4, of(100, 7.9)))).toEqual(new Set(['go']))
})

test('a server that answers more than twice as late is spared', async () => {
  expect(await advised(4, of(20, 8.1))).toContain('halve')
})

test('a fast server may become slower up to 5 ms', async () => {
  expect(new Set(await advised(0.1, of(100, 5)))).toEqual(new Set(['go']))
})

test('a single slow answer is no load', async () => {
  expect(await advised(1, [...of(10, 1), 900, ...of(10, 1)])).not.toContain('halve')
})

test('a server that has become slow is spared three times, and then left alone', async () => {
  const advice = await advised(1, of(80, 6))
  expect(advice.filter((one) => one === 'halve')).toHaveLength(3)
  expect(advice.at(-1)).toBe('stop')
})

test('quantiles are the nearest value', () => {
  expect(quantile([3, 1, 2], 0.5)).toBe(2)
  expect(quantile([1, 2, 3, 4], 0.95)).toBe(4)
  expect(quantile([], 0.95)).toBe(0)
})
