import { expect, it } from 'vitest'
import { verifyOptions } from './options.ts'

const address = 'redis://localhost:6379'

it('takes at most five minutes by default', () => {
  for (const flags of [{ redis: address }, { self: true }]) {
    expect(verifyOptions(flags).mode).toMatchObject({ operations: 100_000, processes: 4 })
    const { mode } = verifyOptions(flags)
    expect('secondsMax' in mode && mode.secondsMax).toBeLessThanOrEqual(300)
  }
})

it('gives more operations more time, at a rate that two processors can do', () => {
  const { mode } = verifyOptions({ self: true, ops: 10_000_000 })
  expect(mode).toMatchObject({ operations: 10_000_000, opsPerSecond: 5_000, secondsMax: 8_000 })
})

it('is over early enough to judge within the seconds that were given', () => {
  const { mode } = verifyOptions({ redis: address, ops: 600, seconds: 10 })
  expect(mode).toMatchObject({ opsPerSecond: 100, secondsMax: 10 })
})

it('judges files instead where some are given', () => {
  expect(verifyOptions({ check: ['a', 'b'], json: true })).toEqual({
    mode: { kind: 'check', files: ['a', 'b'] },
    isJson: true,
  })
})

it.each([
  { redis: address, ops: 1.5 },
  { redis: address, ops: 0 },
  { redis: address, processes: 17 },
  { redis: address, seconds: 'long' },
  { redis: '' },
  { self: true, redis: address },
  { check: [true] },
])('refuses %j', (flags) => {
  expect(() => verifyOptions(flags)).toThrow(expect.objectContaining({ code: 'SP_OPTION_INVALID' }))
})
