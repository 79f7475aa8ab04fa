import fc from 'fast-check'
import { expect, it } from 'vitest'
import { isStaleproofError } from './errors.ts'
import { checkPattern, matchesGlob, patternCharsMax, patternStarsMax } from './glob.ts'

/** By definition: every way to read the first star. */
function naive(pattern: string, text: string): boolean {
  const [first, rest] = [pattern.slice(0, 1), pattern.slice(1)]
  if (first === '') return text === ''
  if (first === '*') return naive(rest, text) || (text !== '' && naive(pattern, text.slice(1)))
  return text !== '' && (first === '?' || first === text[0]) && naive(rest, text.slice(1))
}

const code = (pattern: unknown): unknown => {
  try {
    return checkPattern(pattern)
  } catch (error) {
    return isStaleproofError(error) && error.code
  }
}

it('matches what the definition matches', () => {
  const part = fc.constantFrom('a', 'b', ':', '*', '*', '?')
  const pattern = fc.array(part, { maxLength: 8 }).map((parts) => parts.join(''))
  const text = fc.array(fc.constantFrom('a', 'b', ':'), { maxLength: 10 })
  fc.assert(
    fc.property(pattern, text, (glob, letters) => {
      expect(matchesGlob(glob, letters.join(''))).toBe(naive(glob, letters.join('')))
    }),
    { numRuns: 5000 },
  )
})

it.each([
  ['api:markets:*', 'api:markets:7', true],
  ['api:markets:*', 'api:markets:', true],
  ['api:markets:*', 'api:market:7', false],
  ['*:7', 'api:7:7', true],
  ['a?c', 'abc', true],
  ['a?c', 'ac', false],
  ['a.c', 'abc', false],
])('%s on %s: %s', (pattern, text, expected) => {
  expect(matchesGlob(pattern, text)).toBe(expected)
})

it('ends soon on patterns that backtracking would never leave', () => {
  const pattern = `${'a*'.repeat(patternStarsMax)}b`
  expect(matchesGlob(pattern, 'a'.repeat(patternCharsMax))).toBe(false)
})

it.each(['api:*', 'a?', 'price:7', 'x%2A*', '*a', `${'a'.repeat(patternCharsMax - 1)}*`])(
  '%s is a pattern',
  (pattern) => {
    expect(checkPattern(pattern)).toBe(pattern)
  },
)

it.each([
  [undefined],
  [7],
  [''],
  ['*'],
  ['***'],
  ['a[bc]'],
  ['a\\*'],
  ['a^'],
  ['{a}*'],
  ['a b*'],
  ['a,b*'],
  ['a|b*'],
  ['é*'],
  ['a\n*'],
  [`${'a'.repeat(patternCharsMax)}*`],
  ['a*'.repeat(patternStarsMax + 1)],
])('%j is refused', (pattern) => {
  expect(code(pattern)).toBe('SP_PATTERN_INVALID')
})
