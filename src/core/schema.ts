/**
 * Runs the schema of a family: at fill, and on what was read from Redis. A schema must
 * be synchronous, because a read from memory and one from Redis must not differ in it,
 * and idempotent, because what it returned is what it will be given the next time. Both
 * are found out at first use.
 */
import type { StandardSchemaV1 } from '@standard-schema/spec'
import { deepEqual } from './deep-equal.ts'
import { StaleproofError } from './errors.ts'
import type { FamilyRules } from './family-rules.ts'
import { carry } from './value.ts'

export type Checked =
  | { readonly ok: true; readonly value: unknown }
  /** The first issues, in words. */
  | { readonly ok: false; readonly issues: string }

/** Checks values of a family. `check` throws `SP_OPTION_INVALID` for a schema that can't serve. */
export interface SchemaCheck {
  readonly check: (value: unknown) => Checked
}

/** More issues than these help nobody. */
const ISSUES_MAX = 3

export function schemaCheck(family: string, rules: FamilyRules): SchemaCheck {
  if (!rules.isChecked) return { check: (value) => ({ ok: true, value }) }
  let isProven = false
  const check = (value: unknown): Checked => {
    const checked = validate(rules.schema, value)
    if (checked === ASYNCHRONOUS) {
      if (isProven) return { ok: false, issues: ASYNCHRONOUS }
      throw unfit(family, 'a synchronous one', ASYNCHRONOUS)
    }
    if (!checked.ok || isProven) return checked
    proveIdempotent(family, rules.schema, checked.value)
    isProven = true
    return checked
  }
  return { check }
}

/** Some libraries answer so when a synchronous transformation throws. */
const ASYNCHRONOUS = 'one that answered with a promise, or threw'

function validate(schema: StandardSchemaV1, value: unknown): Checked | typeof ASYNCHRONOUS {
  const result = resultOf(schema, value)
  if (result instanceof Promise) {
    // Its outcome is of no use to us, and a rejection must not go unhandled.
    result.catch(() => {})
    return ASYNCHRONOUS
  }
  if (result.issues === undefined) return { ok: true, value: result.value }
  return { ok: false, issues: result.issues.slice(0, ISSUES_MAX).map(issueText).join('; ') }
}

type Result = ReturnType<StandardSchemaV1['~standard']['validate']>

function resultOf(schema: StandardSchemaV1, value: unknown): Result {
  try {
    return schema['~standard'].validate(value)
  } catch (error) {
    // A transformation of the author threw: this value does not fit, others may.
    return { issues: [{ message: `the schema threw ${String(error)}` }] }
  }
}

function proveIdempotent(family: string, schema: StandardSchemaV1, value: unknown): void {
  // What can't be carried is never given to the schema again.
  if (value === undefined || !carry(value, false).ok) return
  const again = validate(schema, value)
  if (again === ASYNCHRONOUS) throw unfit(family, 'a synchronous one', ASYNCHRONOUS)
  if (again.ok && deepEqual(again.value, value)) return
  const received = again.ok ? 'one that changes it again' : `one that refuses it: ${again.issues}`
  throw unfit(family, 'one that accepts what it returned and leaves it as it is', received)
}

function issueText({ message, path }: StandardSchemaV1.Issue): string {
  const steps = (path ?? []).map((step) => String(typeof step === 'object' ? step.key : step))
  return steps.length === 0 ? message : `${steps.join('.')}: ${message}`
}

function unfit(family: string, expected: string, received: string): StaleproofError {
  const message = `The schema of the family '${family}' cannot be used`
  return new StaleproofError('SP_OPTION_INVALID', message, { family, expected, received })
}
