/** The payload of a slot as the value that it stands for, without the code of its service. */
import { brotliDecompressSync, inflateRawSync } from 'node:zlib'
import type { ValueSlot } from '../../core/slot.ts'

export type Shown =
  | { readonly is: 'value'; readonly value: unknown }
  | { readonly is: 'withheld'; readonly because: string }

const mark = /^([a-z0-9]{1,3})(U|D|B)?(E)?$/
const jsonName = 'j'
/** In front of what was compressed stands its size. */
const sizeBytes = 4
const bytesMax = 64 * 1_048_576

export function shownValue({ meta, payload }: ValueSlot): Shown {
  if (meta.absent) return { is: 'value', value: undefined }
  const [, name, step, encrypted] = mark.exec(meta.codec) ?? []
  if (encrypted !== undefined)
    return withheld('it is encrypted; a service with its key can read it')
  if (name !== jsonName) {
    return withheld(`its codec is '${meta.codec}', which its service can read: use --url`)
  }
  try {
    const bytes = unpacked(Buffer.from(payload, 'latin1'), step)
    return { is: 'value', value: JSON.parse(bytes.toString('utf8')) }
  } catch {
    return withheld('it can not be read: the payload is damaged')
  }
}

function unpacked(bytes: Buffer, step: string | undefined): Buffer {
  const content = bytes.subarray(sizeBytes)
  const bound = { maxOutputLength: bytesMax }
  if (step === 'D') return inflateRawSync(content, bound)
  return step === 'B' ? brotliDecompressSync(content, bound) : bytes
}

function withheld(because: string): Shown {
  return { is: 'withheld', because }
}
