/** What `invalidate` is to drop, by its words and options: one of four. */

import { printable } from '../../base/printable.ts'
import { StaleproofError } from '../../core/errors.ts'
import type { Call } from '../command.ts'
import { textIn, textsIn } from '../flags.ts'

export type Target =
  | { readonly is: 'keys'; readonly keys: readonly string[] }
  | { readonly is: 'tags'; readonly tags: readonly string[] }
  | { readonly is: 'family'; readonly family: string }
  | { readonly is: 'pattern'; readonly pattern: string }
  | { readonly is: 'all' }

const oneOf = 'keys, --tag, --family or --pattern, and only one of them'

/** Throws `SP_OPTION_INVALID`. */
export function targetOf({ args, flags }: Pick<Call, 'args' | 'flags'>): Target {
  const tags = textsIn(flags, 'tag')
  const [family, pattern] = [textIn(flags, 'family'), textIn(flags, 'pattern')]
  const targets: Target[] = []
  if (args.length > 0) targets.push({ is: 'keys', keys: args })
  if (tags.length > 0) targets.push({ is: 'tags', tags })
  if (family !== undefined) targets.push({ is: 'family', family })
  if (pattern !== undefined) targets.push({ is: 'pattern', pattern })
  const [target] = targets
  if (target === undefined || targets.length > 1) {
    throw new StaleproofError('SP_OPTION_INVALID', 'invalidate: what?', { expected: oneOf })
  }
  if (pattern !== undefined && /^\**$/.test(pattern)) {
    const details = { expected: 'a glob with some text; `staleproof clear` drops everything' }
    throw new StaleproofError('SP_OPTION_INVALID', "invalidate: option '--pattern'", details)
  }
  return target
}

export function targetText(target: Target): string {
  switch (target.is) {
    case 'keys':
      return target.keys.length === 1
        ? `the key ${printable(target.keys[0] ?? '')}`
        : `${target.keys.length} keys`
    case 'tags':
      return `everything tagged ${target.tags.map(printable).join(' or ')}`
    case 'family':
      return `the family ${printable(target.family)}`
    case 'pattern':
      return `all keys like ${printable(target.pattern)}`
    case 'all':
      return 'everything of this cache'
  }
}
