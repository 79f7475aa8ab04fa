import { describe, expect, it } from 'vitest'
import { type Circumstances, decide, type Plan } from './plan.ts'

const plan: Plan = { what: 'x', count: 100, isEstimate: false, sample: [], confirm: '100' }
const staging: Circumstances = { environment: 'staging', isInteractive: false }
const person: Circumstances = { environment: 'staging', isInteractive: true }
const production: Circumstances = { environment: 'production', isInteractive: true }

describe('a change', () => {
  it('is only shown where that was asked for, whatever else was said', () => {
    const flags = { dryRun: true, yes: true, expectCount: 100 }
    expect(decide(plan, flags, staging)).toEqual({ is: 'dry run' })
  })

  it('is asked about where there is a person', () => {
    expect(decide(plan, {}, person)).toEqual({ is: 'ask' })
  })

  it('is refused where nobody can be asked and nothing was confirmed', () => {
    const expected = '--yes and --expect-count 100'
    expect(decide(plan, {}, staging)).toEqual({ is: 'refuse', expected })
  })

  it('needs the count that was expected, beside yes', () => {
    expect(decide(plan, { yes: true }, staging).is).toBe('refuse')
    expect(decide(plan, { yes: true, expectCount: 100 }, staging)).toEqual({ is: 'go' })
  })

  it.each([
    [91, 'go'],
    [111, 'go'],
    [90, 'refuse'],
    [112, 'refuse'],
    [0, 'refuse'],
  ])('of 100 keys, with %d expected, is: %s', (expectCount, is) => {
    expect(decide(plan, { yes: true, expectCount }, staging).is).toBe(is)
  })

  it('of an estimate needs an option of its own, so that nobody takes it for a count', () => {
    const estimate = { ...plan, count: 10_000, isEstimate: true }
    expect(decide(estimate, { yes: true, expectCount: 10_000 }, staging)).toEqual({
      is: 'refuse',
      expected: '--expect-about 10000 beside --yes',
    })
    expect(decide(estimate, { yes: true, expectAbout: 9_500 }, staging)).toEqual({ is: 'go' })
    expect(decide(estimate, { yes: true, expectAbout: 100 }, staging).is).toBe('refuse')
  })

  it('of nothing is done where nothing was expected', () => {
    const none = { ...plan, count: 0 }
    expect(decide(none, { yes: true, expectCount: 0 }, staging)).toEqual({ is: 'go' })
  })

  it('in production needs to be told that it is one, even by a person', () => {
    expect(decide(plan, {}, production).is).toBe('refuse')
    expect(decide(plan, { yes: true, expectCount: 100 }, production).is).toBe('refuse')
    expect(decide(plan, { iKnowThisIs: 'production' }, production)).toEqual({ is: 'ask' })
  })
})
