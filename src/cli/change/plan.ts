/** What a command would drop, and whether it may: pure. */
import type { Flags } from '../command.ts'
import { isSet, numberIn, textIn } from '../flags.ts'

export interface Plan {
  /** Of what is dropped, in words. */
  readonly what: string
  /** Keys that Redis holds and it concerns. */
  readonly count: number
  /** True: it is about so many, and nobody has counted them all. */
  readonly isEstimate: boolean
  readonly sample: readonly string[]
  /** What has to be typed. */
  readonly confirm: string
}

export type Decision =
  | { readonly is: 'dry run' | 'go' | 'ask' }
  | { readonly is: 'refuse'; readonly expected: string }

export interface Circumstances {
  /** What the server is for. */
  readonly environment: string
  /** Is there a person who can be asked? */
  readonly isInteractive: boolean
}

/** So much may the count be off, of what was expected; of an estimate as well. */
const toleranceShare = 0.1

export function decide(plan: Plan, flags: Flags, at: Circumstances): Decision {
  if (isSet(flags, 'dry-run')) return { is: 'dry run' }
  if (at.environment === 'production' && textIn(flags, 'i-know-this-is') !== 'production') {
    return refuse('--i-know-this-is production, or --environment NAME where it is not')
  }
  // Whoever has not counted must not seem to have: an estimate has an option of its own.
  const option = plan.isEstimate ? 'expect-about' : 'expect-count'
  if (!isSet(flags, 'yes')) {
    if (at.isInteractive) return { is: 'ask' }
    return refuse(`--yes and --${option} ${plan.count}`)
  }
  const expected = numberIn(flags, option)
  if (expected === undefined) return refuse(`--${option} ${plan.count} beside --yes`)
  if (Math.abs(plan.count - expected) <= expected * toleranceShare) return { is: 'go' }
  return refuse(`a count within 10 % of ${plan.count}, not ${expected}`)
}

function refuse(expected: string): Decision {
  return { is: 'refuse', expected }
}
