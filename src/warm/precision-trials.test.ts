import { expect, test } from 'vitest'
import { type Judged, PrecisionTrials, trialsMax } from './precision-trials.ts'

const stay = { readyMs: 1_000, untilMs: 60_000, bornMs: 900 }

function openTrials() {
  const judged: Judged[] = []
  const gone = new Set<string | number>()
  const trials = new PrecisionTrials<{ readonly key: string | number }>({
    judge: (each) => judged.push(each),
    isHeld: ({ key }) => !gone.has(key),
  })
  return { judged, gone, trials }
}

function loaded() {
  const { judged, gone, trials } = openTrials()
  trials.load({ key: 'a' })
  trials.arrived({ key: 'a' }, stay)
  return { judged, gone, trials }
}

test.each([
  ['used', 'by who reads that value while it is there', 2_000, 905],
  ['late', 'by who reads before it is there', 1_000, undefined],
  ['wasted', 'where the reader finds nothing', 2_000, undefined],
  ['wasted', 'where the reader finds another value', 2_000, 1_700],
  ['wasted', 'where its life is over', 60_000, 905],
])('a preload is %s %s', (verdict, _, atMs, bornMs) => {
  const { judged, trials } = loaded()
  trials.read({ key: 'a' }, { atMs, bornMs })
  expect(judged).toEqual([{ isLoaded: true, verdict }])
})

test('a preload that is still underway is late', () => {
  const { judged, trials } = openTrials()
  trials.load({ key: 'a' })
  expect(trials.stateOf({ key: 'a' })).toBe('underway')
  trials.read({ key: 'a' }, { atMs: 5, bornMs: undefined })
  expect(judged).toEqual([{ isLoaded: true, verdict: 'late' }])
})

test('a preload that nobody reads is wasted when its life is over', () => {
  const { judged, trials } = loaded()
  trials.read({ key: 'other' }, { atMs: 59_999, bornMs: undefined })
  expect(judged).toEqual([])
  trials.read({ key: 'other' }, { atMs: 60_000, bornMs: undefined })
  expect(judged).toEqual([{ isLoaded: true, verdict: 'wasted' }])
})

test('a preload that has left memory is wasted when the next one is made', () => {
  const { judged, gone, trials } = loaded()
  trials.load({ key: 'b' })
  expect(judged).toEqual([])
  gone.add('a').add('b')
  trials.load({ key: 'c' })
  // The second one is still underway: it can't have left.
  expect(judged).toEqual([{ isLoaded: true, verdict: 'wasted' }])
})

test('a prediction that loads nothing is judged as if it had', () => {
  const { judged, trials } = openTrials()
  for (const key of ['a', 'b', 'c']) trials.suppose({ key }, stay)
  trials.read({ key: 'a' }, { atMs: 2_000, bornMs: undefined })
  trials.read({ key: 'b' }, { atMs: 1_000, bornMs: undefined })
  trials.read({ key: 'c' }, { atMs: 70_000, bornMs: undefined })
  const verdicts = judged.map(({ isLoaded, verdict }) => `${isLoaded} ${verdict}`)
  expect(verdicts).toEqual(['false used', 'false late', 'false wasted'])
})

test('is judged in the order of predictions, not of reads', () => {
  const { judged, trials } = loaded()
  trials.load({ key: 'b' })
  trials.arrived({ key: 'b' }, { ...stay, untilMs: 90_000 })
  trials.read({ key: 'b' }, { atMs: 2_000, bornMs: 900 })
  expect(judged).toEqual([])
  trials.read({ key: 'a' }, { atMs: 3_000, bornMs: undefined })
  expect(judged.map(({ verdict }) => verdict)).toEqual(['wasted', 'used'])
})

test('the oldest is wasted when too many wait', () => {
  const { judged, trials } = openTrials()
  for (let key = 0; key < trialsMax + 10; key++) trials.load({ key })
  expect(trials.waiting).toBe(trialsMax)
  expect(judged).toHaveLength(10)
  expect([trials.stateOf({ key: 9 }), trials.stateOf({ key: 10 })]).toEqual([undefined, 'underway'])
})
