/**
 * Compression of payloads, behind four bytes that tell the size of what was compressed. So
 * a reader knows before it begins whether the work is small enough to do at once, and
 * nothing can swell beyond what a family allows.
 *
 * Measured on `test/corpus` (µs for a value to compress and to decompress, share saved):
 *
 *                     1 to 2 KB      2 to 10 KB      from 10 KB (mean 23)
 *   auto: brotli 1    12, 7, 50 %    23, 13, 71 %    70, 56, 69 %
 *   brotli 4          31, 6, 54 %    65, 13, 74 %    213, 51, 71 %
 *   deflate 6         22, 6, 54 %    43, 11, 73 %    227, 50, 70 %
 */
import {
  brotliCompress,
  brotliCompressSync,
  brotliDecompress,
  brotliDecompressSync,
  constants,
  deflateRaw,
  deflateRawSync,
  inflateRaw,
  inflateRawSync,
} from 'node:zlib'
import type { Compression } from '../core/codec-rules.ts'

export type Method = Exclude<Compression, false>
/** What a reader has to know: B brotli, D deflate. */
export type Packing = 'B' | 'D'

/** Smaller values are left as they are: their compression costs more than it saves. */
export const compressedFromBytes = 1_024
/** What saves less is not worth the work of every reader. */
const savedShareMin = 0.1
/**
 * From here on the work is done on the thread pool: it takes a good part of a millisecond,
 * which is longer than the way there and back. Below it callers wait less if it is done at
 * once.
 */
export const largeFromBytes = 65_536

const SIZE_BYTES = 4

type AtOnce = (bytes: Uint8Array, options: object) => Buffer
type Later = (
  bytes: Uint8Array,
  options: object,
  done: (error: Error | null, result: Buffer) => void,
) => void

interface Setting {
  readonly packing: Packing
  readonly options: object
}

const SETTINGS: Readonly<Record<Method, Setting>> = {
  auto: { packing: 'B', options: { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } } },
  brotli: { packing: 'B', options: { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } } },
  deflate: { packing: 'D', options: { level: 6 } },
}
const PACK: Readonly<Record<Packing, readonly [AtOnce, Later]>> = {
  B: [brotliCompressSync, brotliCompress],
  D: [deflateRawSync, deflateRaw],
}
const UNPACK: Readonly<Record<Packing, readonly [AtOnce, Later]>> = {
  B: [brotliDecompressSync, brotliDecompress],
  D: [inflateRawSync, inflateRaw],
}

export function packingOf(method: Method): Packing {
  return SETTINGS[method].packing
}

/** Undefined: it does not pay. A promise where the bytes are many. */
export function compress(
  bytes: Uint8Array,
  method: Method,
): Buffer | undefined | Promise<Buffer | undefined> {
  const { packing, options } = SETTINGS[method]
  const [atOnce, later] = PACK[packing]
  if (bytes.length < largeFromBytes) return worthwhile(atOnce(bytes, options), bytes.length)
  return promised(later, bytes, options).then((packed) => worthwhile(packed, bytes.length))
}

/** Throws or rejects if the bytes are none of ours, or more than `bytesMax` without compression. */
export function decompress(
  bytes: Buffer,
  packing: Packing,
  bytesMax: number,
): Buffer | Promise<Buffer> {
  const size = bytes.readUInt32LE()
  if (size === 0 || size > bytesMax) throw new RangeError(`expected at most ${bytesMax} bytes`)
  const [atOnce, later] = UNPACK[packing]
  const options = { maxOutputLength: size }
  const packed = bytes.subarray(SIZE_BYTES)
  return size < largeFromBytes ? atOnce(packed, options) : promised(later, packed, options)
}

function worthwhile(packed: Buffer, sizeBytes: number): Buffer | undefined {
  if (SIZE_BYTES + packed.length > sizeBytes * (1 - savedShareMin)) return undefined
  const head = Buffer.allocUnsafe(SIZE_BYTES)
  head.writeUInt32LE(sizeBytes)
  return Buffer.concat([head, packed])
}

function promised(run: Later, bytes: Uint8Array, options: object): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    run(bytes, options, (error, result) => (error ? reject(error) : resolve(result)))
  })
}
