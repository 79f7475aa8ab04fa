/** Numbers in the text of a slot (`slot.ts`). */

/** '0'. */
export const digit0 = 48
const smallDigits = 9
/** Enough for 2^63 - 1. */
export const orderDigits = 19

/** Never rounded up: a shorter life is the safe error. */
export function padded(value: number, width: number): string {
  const whole = Math.floor(value)
  if (!(whole >= 0 && whole <= Number.MAX_SAFE_INTEGER)) {
    throw new RangeError(`expected a number from 0 to 2^53-1, got ${value}`)
  }
  const text = String(whole)
  return text.length < width ? text.padStart(width, '0') : text
}

export function isOrder(text: string | undefined): text is string {
  if (text === undefined || text === '') return text === ''
  return text.length === orderDigits && digits(text, 0, 10) >= 0 && digits(text, 10) >= 0
}

export function fixed(text: string | undefined, width: number): number {
  return text?.length === width ? digits(text) : -1
}

/** -1 where it is not made of 1 to 16 digits. */
export function digits(text: string, from = 0, to: number = text.length): number {
  if (to <= from || to - from > 16) return -1
  if (to - from <= smallDigits) return smallNumber(text, from, to)
  const high = smallNumber(text, from, to - smallDigits)
  const low = smallNumber(text, to - smallDigits, to)
  return high < 0 || low < 0 ? -1 : high * 10 ** smallDigits + low
}

/** In the engine's own integers, which take half the time of others. */
function smallNumber(text: string, from: number, to: number): number {
  let value = 0
  for (let at = from; at < to; at++) {
    const digit = text.charCodeAt(at) - digit0
    if (digit < 0 || digit > 9) return -1
    value = value * 10 + digit
  }
  return value
}
