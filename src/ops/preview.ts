/**
 * A value as JSON that is shown to a person: bounded, and whatever the codec of a family may
 * carry beside plain data is named, not guessed at.
 */

export const previewBytesMax: number = 64 * 1024

/** `undefined`: it has more bytes than are shown. */
export function previewOf(value: unknown): { readonly json: unknown } | undefined {
  const text = JSON.stringify(value, plainer) ?? 'null'
  if (Buffer.byteLength(text) > previewBytesMax) return undefined
  return { json: JSON.parse(text) }
}

function plainer(_name: string, value: unknown): unknown {
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value)
  if (value instanceof Map) return { Map: [...value] }
  if (value instanceof Set) return { Set: [...value] }
  if (ArrayBuffer.isView(value)) return { bytes: value.byteLength }
  return value
}
