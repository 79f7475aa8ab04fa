/**
 * Globs over key texts: `*` is any text, `?` any one character, everything else itself.
 * Redis' `MATCH` says the same of every pattern that `checkPattern` lets pass; key texts
 * are ASCII, so its bytes are our characters.
 */
import { describe } from './describe.ts'
import { StaleproofError } from './errors.ts'

/** Longest pattern. */
export const patternCharsMax = 2_048
/** Redis gives a pattern up, and finds nothing, beyond a thousand of them. */
export const patternStarsMax = 100

/** The characters of key texts (`template-syntax.ts`, `base/percent.ts`) and the two of globs. */
const PATTERN = /^[!"#$%&'()*+\-./0-9:<=>?@A-Z_`a-z~]+$/

/** Throws `SP_PATTERN_INVALID`. */
export function checkPattern(pattern: unknown): string {
  if (typeof pattern !== 'string' || pattern === '') throw broken(pattern, 'a text')
  if (pattern.length > patternCharsMax) {
    throw broken(pattern, `at most ${patternCharsMax} characters`)
  }
  if (/^\*+$/.test(pattern)) throw broken(pattern, 'a part of the keys; clear() drops them all')
  if (!PATTERN.test(pattern))
    throw broken(pattern, 'characters of keys, with * and ? alone special')
  if (pattern.split('*').length - 1 > patternStarsMax) {
    throw broken(pattern, `at most ${patternStarsMax} stars`)
  }
  return pattern
}

/** In time of the product of both lengths at most: it goes back to the last `*` alone. */
export function matchesGlob(pattern: string, text: string): boolean {
  let [at, from] = [0, 0]
  let [starAt, starFrom] = [-1, 0]
  while (from < text.length) {
    const wanted = pattern[at]
    if (wanted === '*') {
      starAt = at++
      starFrom = from
    } else if (wanted === '?' || wanted === text[from]) {
      at++
      from++
    } else if (starAt >= 0) {
      at = starAt + 1
      from = ++starFrom
    } else return false
  }
  while (pattern[at] === '*') at++
  return at === pattern.length
}

function broken(pattern: unknown, expected: string): StaleproofError {
  const received = describe(pattern)
  return new StaleproofError('SP_PATTERN_INVALID', 'A pattern cannot be used', {
    expected,
    received,
  })
}
