/** What a query says, checked. */
import { Refusal } from './problem.ts'

export interface IntegerRange {
  readonly min: number
  readonly max: number
  readonly otherwise: number
}

/** Throws a refusal. */
export function integerParameter(
  query: URLSearchParams,
  name: string,
  { min, max, otherwise }: IntegerRange,
): number {
  const text = query.get(name)
  if (text === null) return otherwise
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN
  if (value >= min && value <= max) return value
  throw new Refusal('INVALID_REQUEST', `${name}: a whole number from ${min} to ${max}.`)
}

/** Throws a refusal. */
export function choiceParameter<Choice extends string>(
  query: URLSearchParams,
  name: string,
  choices: readonly [Choice, ...Choice[]],
): Choice {
  const text = query.get(name)
  if (text === null) return choices[0]
  const choice = choices.find((one) => one === text)
  if (choice !== undefined) return choice
  throw new Refusal('INVALID_REQUEST', `${name}: one of ${choices.join(', ')}.`)
}
