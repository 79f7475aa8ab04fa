/** Sizes as people write them: `'64mb'`, or a number of bytes. Units are powers of 1,024. */

export type ByteSize = number | `${number}${'b' | 'kb' | 'mb' | 'gb'}`

/** What error messages say was expected. */
export const BYTE_SIZE_EXPECTED = "a size such as '64mb', '1.5kb' or 4096 (bytes)"

const FORM = /^(\d{1,15}(?:\.\d{1,12})?)(b|kb|mb|gb)$/
const UNIT_BYTES: ReadonlyMap<string, number> = new Map([
  ['b', 1],
  ['kb', 1_024],
  ['mb', 1_048_576],
  ['gb', 1_073_741_824],
])

/** Whole bytes, at least 1; undefined: not a size, zero, negative or endless. */
export function parseByteSize(input: unknown): number | undefined {
  const bytes = typeof input === 'string' ? bytesOfText(input) : input
  if (typeof bytes !== 'number') return undefined
  const rounded = Math.round(bytes)
  return rounded >= 1 && Number.isSafeInteger(rounded) ? rounded : undefined
}

function bytesOfText(text: string): number | undefined {
  const match = FORM.exec(text.toLowerCase())
  if (!match) return undefined
  const unitBytes = UNIT_BYTES.get(match[2] ?? '')
  return unitBytes === undefined ? undefined : Number(match[1]) * unitBytes
}
