/**
 * Sizes of entries in fifteen bits, beside the marks of an entry: eleven binary digits and
 * where they stand. A size is rounded up, by a thousandth at most, before it is counted, so
 * the books are exact.
 */

const digitBits = 10
const digitsMax = 2 ** (digitBits + 1)

/** What is larger counts as this: two terabytes. */
const bytesMax = (digitsMax - 1) * 2 ** 30

/** The smallest size that can be noted and is no smaller. */
export function packSize(bytes: number): number {
  if (bytes < 2 ** digitBits) return bytes
  let digits = Math.min(bytes, bytesMax)
  let place = 1
  for (; digits >= digitsMax; place++) digits = Math.ceil(digits / 2)
  return (place << digitBits) | (digits - 2 ** digitBits)
}

export function unpackSize(bits: number): number {
  const place = bits >>> digitBits
  const digits = bits & (2 ** digitBits - 1)
  return place === 0 ? digits : (2 ** digitBits + digits) * 2 ** (place - 1)
}
