/**
 * Numbers of payment cards: the prefix and length of a scheme, the check digit (ISO/IEC
 * 7812, Luhn), in one piece or in the groups that are printed on cards.
 */

/** Prefix and length by scheme. */
const SCHEMES: readonly RegExp[] = [
  // Visa, Mastercard (51 to 55, 2221 to 2720), American Express
  /^4\d{15}$/,
  /^(5[1-5]\d\d|2(22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720))\d{12}$/,
  /^3[47]\d{13}$/,
  // Discover, JCB, UnionPay
  /^6(011|4[4-9]\d|5\d\d)\d{12}$/,
  /^35(2[89]|[3-8]\d)\d{12}$/,
  /^62\d{14}$/,
]
const GROUPED = /^(\d{4}([ -])\d{4}\2\d{4}\2\d{4}|\d{4}([ -])\d{6}\3\d{5})$/
const DIGITS = /^\d{15,16}$/
/** With four spaces or hyphens. */
const CHARS_MAX = 19
const CHARS_MIN = 15
/** Fields that hold other numbers of as many digits, one in ten of which has the check digit. */
const OTHER_NUMBERS = new RegExp(
  [
    'id$|id_|at$|code|ean|gtin|isbn|phone|imei|seq|order|nonce|block|count|time|stamp',
    'amount|balance|price|size|volume|supply|wei|total|value',
  ].join('|'),
  'i',
)

/** `name`: of the field that holds it, or ''. */
export function isCardNumber(text: string, name: string): boolean {
  if (text.length < CHARS_MIN || text.length > CHARS_MAX) return false
  const isGrouped = GROUPED.test(text)
  if (!isGrouped && (!DIGITS.test(text) || OTHER_NUMBERS.test(name))) return false
  const digits = isGrouped ? text.replace(/[ -]/g, '') : text
  return SCHEMES.some((scheme) => scheme.test(digits)) && hasCheckDigit(digits)
}

function hasCheckDigit(digits: string): boolean {
  let sum = 0
  for (let at = 0; at < digits.length; at++) {
    const digit = digits.charCodeAt(digits.length - 1 - at) - 48
    const weighed = at % 2 === 0 ? digit : digit * 2
    sum += weighed > 9 ? weighed - 9 : weighed
  }
  return sum % 10 === 0
}
