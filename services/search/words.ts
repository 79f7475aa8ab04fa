/**
 * Text to the words that a search compares: no case, no accents, no punctuation, each word once
 * and sorted, because the ranking looks at words as a set: their order changes no result. Numbers
 * that are written together, as those of a date or a score, are one word and keep their order.
 */

/** What a query may hold; the rest is cut off. Keeps the key below its greatest length. */
const wordsMax = 12
const codePointsMax = 80

/** A number keeps its sign (a spread of -1.5 is none of +1.5), its point and its unit: `150k`. */
const wordPattern = /(?:(?<![\p{L}\p{N}])[+-])?\p{N}+(?:[.,/-]\p{N}+)*\p{L}*|\p{L}[\p{L}\p{N}]*/gu
/** In a slug everything is joined by dashes, so only a whole date is known to be one. */
const slugDate = /(?<!\d)(?:\d{4}-\d{2}-\d{2}|\d{2}-\d{2}-\d{4})(?!\d)/g

const fillers = new Set(
  (
    'a an the of in on at to for from by with and or be is are was will would do does has have ' +
    'vs v versus this that it its who what which when where how'
  ).split(' '),
)

/** Words that turn a question around. They are compared letter by letter and never left out. */
const turning = new Set(
  (
    'not no never none without neither nor yes over under above below before after more less ' +
    'most least win wins lose loses high higher highest low lower lowest up down out men women'
  ).split(' '),
)

/** Every word of a text, in its order, fillers included. */
export function wordsOf(text: string): string[] {
  const plain = text
    .normalize('NFKD')
    .replace(/\p{M}+|['’]/gu, '')
    .toLowerCase()
  return (plain.match(wordPattern) ?? []).map((word) => word.replaceAll(',', ''))
}

/** The words of a slug: `tsc-mlb-bos-nym-2026-07-10-5pt5` has a 5.5 in it. */
export function slugWordsOf(slug: string): string[] {
  const dates = slug.match(slugDate) ?? []
  return [...dates, ...wordsOf(slug.replaceAll('-', ' ').replace(/(\d)pt(\d)/g, '$1.$2'))]
}

/** `2026`, `07` and `10` of `2026-07-10`; none of a number that is one. */
export function numbersIn(word: string): readonly string[] {
  const numbers = isNumber(word) ? word.split(/(?<=.)[/-]/) : []
  return numbers.length > 1 ? numbers : []
}

/** What is looked for: without fillers, unless there is nothing else. */
export function queryWordsOf(text: string): string[] {
  const words = wordsOf(text)
  const telling = words.filter((word) => !fillers.has(word))
  return canonical(telling.length > 0 ? telling : words)
}

/** Each word once, sorted, within the bounds. */
export function canonical(words: readonly string[]): string[] {
  const kept: string[] = []
  let codePoints = 0
  for (const word of new Set(words)) {
    codePoints += [...word].length + 1
    if (kept.length >= wordsMax || codePoints > codePointsMax) break
    kept.push(word)
  }
  return kept.sort()
}

/** A number, a year, a line, a season: anything with a digit. */
export function isNumber(word: string): boolean {
  return /\p{N}/u.test(word)
}

/** May never stand for another word: a number, or one that turns a question around. */
export function isExact(word: string): boolean {
  return isNumber(word) || turning.has(word)
}
