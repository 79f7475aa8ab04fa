/** Every check of a group with facts that make it fire and facts that must not. */
import { describe, expect, test } from 'vitest'
import type { Check } from '../check.ts'
import { factsOf, type GivenFacts } from '../facts.test-support.ts'
import type { Finding } from '../finding.ts'
import { runChecks } from '../run-checks.ts'

export interface Fixture {
  readonly id: string
  /** `'warn'`, or with the subject: `'warn api'`. */
  readonly fires: readonly (readonly [what: string, findings: string, facts: GivenFacts])[]
  readonly silent: readonly (readonly [what: string, facts: GivenFacts])[]
}

export function describeChecks(checks: readonly Check[], fixtures: readonly Fixture[]): void {
  test('every check has a fixture', () => {
    expect(fixtures.map(({ id }) => id)).toEqual(checks.map(({ id }) => id))
  })

  describe.each(fixtures)('$id', ({ id, fires, silent }) => {
    const check = checks.find((one) => one.id === id)
    const judged = (facts: GivenFacts) => runChecks(check ? [check] : [], factsOf(facts))

    test.each(fires)('fires: %s', async (_what, findings, facts) => {
      expect((await judged(facts)).map(told).join(', ')).toBe(findings)
    })

    test.each(silent)('is silent: %s', async (_what, facts) => {
      expect((await judged(facts)).map(told)).toEqual(['ok'])
    })
  })
}

function told({ status, subject }: Finding): string {
  return subject === undefined ? status : `${status} ${subject}`
}
