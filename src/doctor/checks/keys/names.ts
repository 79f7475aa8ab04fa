/** KEY07, KEY09: what the names of keys give away. */
import { isCardNumber } from '../../../core/card-number.ts'
import { type Check, crit, type Values, type Verdict, warn } from '../../check.ts'
import type { Facts } from '../../facts.ts'
import type { KeyGroup } from '../../key-groups.ts'
import { kindOf } from '../../key-pattern.ts'
import type { SampledKey } from '../../key-sample.ts'

/** Fewer of a pattern may be a slip of a person. */
const keysMin = 3
const nameBytesMax = 200
/** Words are compared letter by letter from this length on. */
const wordLengthMin = 5
/** Groups compared with each other, the largest first. */
const groupsMax = 200

const inconsistent: Check = {
  id: 'KEY07',
  title: 'Names of keys are inconsistent',
  group: 'keys',
  rule:
    'Patterns of the sampled keys that this library did not write, from 3 keys on: the same ' +
    'words with other separators or another case, singular beside plural, words that differ in ' +
    'one letter, an id in front, names of more than 200 bytes, one name with two types.',
  thresholds: { warn: 'each of them', crit: 'the same pattern with two types' },
  source: 'Our own; RMA finds patterns',
  needs: ['sample'],
  commands: ['SCAN', 'TYPE key'],
  remedy: {
    text: 'Declare each family once in a catalog; rename what is left over.',
    commands: [],
  },
  judge(facts) {
    const groups = facts.keyPatterns().map(writtenElsewhere)
    const known = groups.filter(({ keys }) => keys.length >= keysMin).slice(0, groupsMax)
    return [
      ...known.flatMap(twoTypes),
      ...known.flatMap(idInFront),
      ...known.flatMap((group, at) => known.slice(0, at).flatMap((other) => twins(other, group))),
      ...longNames(groups.flatMap(({ keys }) => keys)),
    ]
  },
}

/** A cache of this library names its slots itself. */
function writtenElsewhere(group: KeyGroup): KeyGroup {
  return { ...group, keys: group.keys.filter(({ role }) => role === 'other') }
}

function twoTypes({ label, keys }: KeyGroup): readonly Verdict[] {
  const counts = new Map<string, number>()
  for (const { type } of keys) counts.set(type, (counts.get(type) ?? 0) + 1)
  const types = [...counts].filter(([, count]) => count >= keysMin)
  if (types.length < 2) return []
  const values = { types: types.map(([type, count]) => `${type} ${count}`).join(', ') }
  return [crit(values, { subject: label, title: 'One name has two types' })]
}

/** A pattern of nothing but an id is somebody's choice; a word behind it shows the order. */
function idInFront({ label, pattern, keys }: KeyGroup): readonly Verdict[] {
  const [first = '', ...rest] = pattern.words.split(' ')
  const isTurned = first.startsWith('{') && rest.some((word) => !word.startsWith('{'))
  if (!isTurned) return []
  return [warn({ keys: keys.length }, { subject: label, title: 'The id stands before the name' })]
}

function twins(left: KeyGroup, right: KeyGroup): readonly Verdict[] {
  const title = twinTitle(left.pattern.words, right.pattern.words)
  if (title === undefined) return []
  const values: Values = { [left.label]: left.keys.length, [right.label]: right.keys.length }
  return [warn(values, { subject: `${left.label} ${right.label}`, title })]
}

/** Undefined: they are no twins. */
function twinTitle(left: string, right: string): string | undefined {
  if (left === right) return 'The same name is written with different separators'
  if (left.toLowerCase() === right.toLowerCase()) return 'The same name is written in two cases'
  const [a, b] = [left.split(' '), right.split(' ')]
  if (a.length !== b.length) return undefined
  const differing = a.flatMap((word, at) => (word === b[at] ? [] : [[word, b[at] ?? ''] as const]))
  const [pair] = differing
  if (pair === undefined || differing.length > 1) return undefined
  const [one, other] = pair
  if (one.startsWith('{') || other.startsWith('{')) return undefined
  if (`${one}s` === other || `${other}s` === one) return 'A name is singular here and plural there'
  const isLong = Math.min(one.length, other.length) >= wordLengthMin
  return isLong && differInOne(one, other) ? 'Two names differ in one letter' : undefined
}

/** By one letter more, less or other, or by two that changed places. Digits tell versions. */
function differInOne(left: string, right: string): boolean {
  if (/\d$/.test(left) || /\d$/.test(right)) return false
  let start = 0
  while (start < left.length && left[start] === right[start]) start++
  let end = 0
  const room = Math.min(left.length, right.length) - start
  while (end < room && left.at(-1 - end) === right.at(-1 - end)) end++
  const [a, b] = [left.slice(start, left.length - end), right.slice(start, right.length - end)]
  if (a.length <= 1 && b.length <= 1) return true
  return a.length === 2 && a === [...b].reverse().join('')
}

function longNames(keys: readonly SampledKey[]): readonly Verdict[] {
  const long = keys.filter(({ nameBytes }) => nameBytes > nameBytesMax)
  const [first] = long
  if (first === undefined) return []
  const longest = long.reduce((most, { nameBytes }) => Math.max(most, nameBytes), 0)
  const values = { keys: long.length, longestBytes: longest, beginning: first.name.slice(0, 40) }
  return [warn(values, { subject: 'long names', title: 'Names of keys are very long' })]
}

const sensitive: Check = {
  id: 'KEY09',
  title: 'Names of keys hold personal data or secrets',
  group: 'keys',
  rule:
    'Parts of the names of sampled keys that are e-mail addresses, telephone numbers with +, ' +
    'signed tokens, or card numbers (where nearly all ids of a pattern are). No name is shown. ' +
    "Also families that are declared with `sensitive: 'allow'` and not encrypted.",
  thresholds: { crit: 'one' },
  source: 'Our own (requirement A7)',
  needs: ['sample'],
  commands: ['SCAN'],
  remedy: {
    text: 'Put a hash or an internal id into the key. Names stand in logs, and never expire there.',
    commands: [],
  },
  judge(facts) {
    const named = facts.keyPatterns().flatMap(({ label, keys }) => {
      const what = sensitiveIn(keys)
      return what === undefined ? [] : [crit({ what, keys: keys.length }, { subject: label })]
    })
    return [...named, ...exposed(facts)]
  },
}

function exposed(facts: Facts): readonly Verdict[] {
  const families = facts.find('registry')?.families ?? []
  return families
    .filter(({ isExposed }) => isExposed)
    .map(({ name }) =>
      crit(
        { family: name },
        {
          subject: `family ${name}`,
          title: 'A family holds secrets that are not encrypted',
          remedy: { text: 'Declare it with `encrypted: true`.', commands: [] },
        },
      ),
    )
}

const forms: Readonly<Record<string, string>> = {
  email: 'e-mail addresses',
  phone: 'telephone numbers',
  jwt: 'signed tokens',
}

/** Undefined: nothing. One id of ten passes for a card number by chance. */
function sensitiveIn(keys: readonly SampledKey[]): string | undefined {
  let cards = 0
  for (const { text } of keys) {
    const parts = [text, ...text.split(/[:_/|]/)]
    for (const part of parts) {
      const what = forms[kindOf(part)]
      if (what !== undefined) return what
    }
    if (parts.some((part) => isCardNumber(part, ''))) cards += 1
  }
  return cards >= keysMin && cards >= 0.8 * keys.length ? 'card numbers' : undefined
}

export const nameChecks: readonly Check[] = [inconsistent, sensitive]
