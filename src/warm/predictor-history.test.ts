import { expect, test } from 'vitest'
import { PredictorHistory, readsMax, sessionsMax } from './predictor-history.ts'

const item = (key: string) => ({ key })

/** One read each millisecond. */
function historyOf(keys: string, session: string | undefined = undefined) {
  const history = new PredictorHistory<{ key: string }>()
  for (const [atMs, key] of [...keys].entries())
    history.add(item(key), { session, atMs, leadMs: 0 })
  return history
}

function before(history: PredictorHistory<{ key: string }>, key: string, leadMs: number) {
  const moment = { session: undefined, atMs: 8, leadMs }
  return history
    .before(item(key), moment)
    .map(({ key: earlier }) => earlier)
    .join('')
}

test('gives the last four reads, the latest first', () => {
  expect(before(historyOf('abcdefgh'), 'x', 0)).toBe('hgfe')
})

test('leaves out what was read too shortly before to load anything in between', () => {
  expect(before(historyOf('abcdefgh'), 'x', 3)).toBe('edcb')
  expect(before(historyOf('abcdefgh'), 'x', 100)).toBe('')
})

test('ends at the last read of the same key', () => {
  expect(before(historyOf('abxdefxh'), 'x', 0)).toBe('h')
  expect(before(historyOf('abxdefxh'), 'x', 3)).toBe('')
})

test('keeps sessions apart', () => {
  const history = historyOf('abcd', 'ada')
  expect(before(history, 'x', 0)).toBe('')
  const moment = { session: 'ada', atMs: 8, leadMs: 0 }
  expect(history.before(item('x'), moment)).toHaveLength(4)
})

test('forgets the sessions that have read nothing for longest, and reads of long ago', () => {
  const history = new PredictorHistory<{ key: string }>()
  const read = (session: string | number, atMs: number) =>
    history.add(item(`${atMs}`), { session, atMs, leadMs: 0 })
  for (let atMs = 0; atMs < readsMax + 10; atMs++) read('long', atMs)
  const all = { session: 'long', atMs: readsMax + 10, leadMs: readsMax }
  expect(history.before(item('x'), all)).toEqual([])
  for (let other = 0; other < sessionsMax; other++) read(other, 1_000)
  expect(history.sessions).toBe(sessionsMax)
  expect(history.before(item('x'), { session: 'long', atMs: 2_000, leadMs: 0 })).toEqual([])
})
