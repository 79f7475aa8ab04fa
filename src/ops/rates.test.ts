import { expect, test } from 'vitest'
import { noTotals } from '../observe/index.ts'
import { RateWindow } from './rates.ts'

function totals(memory: number, source = 0) {
  return { ...noTotals, memory, source, loads: source }
}

test('counts what processes have done between the ends of the last minute', () => {
  const window = new RateWindow()
  window.note(0, new Map([['a', totals(0)]]))
  window.note(30_000, new Map([['a', totals(500, 0)]]))
  window.note(60_000, new Map([['a', totals(600, 600)]]))
  expect(window.rates()).toMatchObject({ reads: 20, loads: 10, loadsAvoided: 10, hitRatio: 0.5 })
  window.note(90_000, new Map([['a', totals(900, 600)]]))
  expect(window.rates()).toMatchObject({ reads: 1_000 / 60, loads: 10 })
})

test('a process that starts or ends makes no spike', () => {
  const window = new RateWindow()
  window.note(
    0,
    new Map([
      ['ends', totals(1_000_000)],
      ['stays', totals(10)],
    ]),
  )
  window.note(
    10_000,
    new Map([
      ['stays', totals(20)],
      ['starts', totals(5_000)],
    ]),
  )
  expect(window.rates().reads).toBe(1)
})

test('says nothing of a moment', () => {
  const window = new RateWindow()
  expect(window.rates().reads).toBeUndefined()
  window.note(0, new Map([['a', totals(0)]]))
  window.note(1_000, new Map([['a', totals(9)]]))
  expect(window.rates().reads).toBeUndefined()
})

test('forgets what was noted before nobody asked for long', () => {
  const window = new RateWindow()
  window.note(0, new Map([['a', totals(0)]]))
  window.note(600_000, new Map([['a', totals(6_000)]]))
  expect(window.rates().reads).toBeUndefined()
  window.note(610_000, new Map([['a', totals(6_020)]]))
  expect(window.rates().reads).toBe(2)
})
