import { expect, test } from 'vitest'
import { Registry, registryMs, silenceMs } from './registry.ts'

const wholeMs = registryMs * 1.002
const registered = (birth: string) => ({ birth, members: [] })

test('a registry that was seen for R and the error of two clocks is complete', () => {
  const registry = new Registry()
  registry.seen('one', 100)
  registry.seen('one', 5_000)
  expect(registry.isComplete(registered('one'), 100 + wholeMs)).toBe(true)
  expect(registry.isComplete(registered('one'), 99 + wholeMs)).toBe(false)
})

test('a registry that nobody has seen is not complete', () => {
  expect(new Registry().isComplete(registered('one'), wholeMs)).toBe(false)
})

test('a registry that was lost is not complete', () => {
  const registry = new Registry()
  registry.seen('', 0)
  expect(registry.isComplete(registered(''), wholeMs)).toBe(false)
})

test('a registry that was made anew counts from then on', () => {
  const registry = new Registry()
  registry.seen('one', 0)
  expect(registry.isComplete(registered('two'), wholeMs)).toBe(false)
  registry.seen('two', 1_000)
  expect(registry.isComplete(registered('one'), wholeMs)).toBe(false)
  expect(registry.isComplete(registered('two'), wholeMs)).toBe(false)
  expect(registry.isComplete(registered('two'), 1_000 + wholeMs)).toBe(true)
})

test('the silent are waited for as long as the longest trust, with the error of two clocks', () => {
  expect(silenceMs(1_500, [])).toBeCloseTo(1_503)
  expect(silenceMs(1_500, [{ process: 'a', trustMs: 3_000 }])).toBeCloseTo(3_006)
  expect(silenceMs(1_500, [{ process: 'a', trustMs: 300 }])).toBeCloseTo(1_503)
})
