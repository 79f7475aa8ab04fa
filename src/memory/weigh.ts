/**
 * How many bytes of heap a value takes, as V8 lays values out in 64 bits: close enough to
 * bound memory by (`heap.test.ts`), and cheap enough for every fill. Long arrays are judged
 * by some of their items, long texts by pieces of them.
 *
 * Objects of one shape share the names of their properties. An object used as a map, whose
 * names are ids, has a shape of its own, which takes more room than its values: `Shapes`
 * remembers which have been seen, and who shows a new one pays for it.
 */
import { hashOfId } from './id-hash.ts'

const wordBytes = 8
/** Map, properties, elements. */
const objectBytes = 24
/** An object with its length, and the store of its items. */
const arrayBytes = 48
/** A number that is no small integer, outside of an array of numbers. */
const numberBytes = 16
const textBytes = 16
/** `JSON.parse` makes equal texts of so few characters one: half of them are taken to be. */
const sharedLengthMax = 10
/** Objects of fewer properties are taken to share their shape. */
const sharedPropertiesMax = 8
/** What each property of a shape of its own takes besides its name. */
const shapePropertyBytes = 100
/** Objects of more properties are dictionaries: three words for each, half full. */
const fastPropertiesMax = 128
const dictionaryEntryBytes = 3 * wordBytes * 2
/** Names that are numbers are kept apart, as three words. */
const indexEntryBytes = 3 * wordBytes
/** Items looked at in a long array, evenly spread. */
const itemsMax = 64
/** Objects looked at in all of a value. */
const partsMax = 20_000
const pieceLength = 4_096
const pieces = 8
const smallIntegerMax = 2 ** 31
const wideCharacter = /[^\0-\xff]/
const indexName = /^(0|[1-9]\d{0,9})$/

/** Shapes of objects that were seen lately. */
export class Shapes {
  readonly #hashes = new Uint32Array(256)

  /** True: it was seen before; from now on it was. */
  see(names: readonly string[]): boolean {
    const [first = '', last = ''] = [names[0], names.at(-1)]
    const hash = hashOfId(first) ^ Math.imul(hashOfId(last), names.length + 1)
    const place = hash & (this.#hashes.length - 1)
    const isKnown = this.#hashes[place] === hash >>> 0
    this.#hashes[place] = hash
    return isKnown
  }
}

/** Bytes of heap, estimated. */
export function weigh(value: unknown, shapes: Shapes): number {
  return weighPart(value, { shapes, partsLeft: partsMax })
}

interface Weighing {
  readonly shapes: Shapes
  partsLeft: number
}

function weighPart(value: unknown, weighing: Weighing): number {
  switch (typeof value) {
    case 'string':
      return value.length > sharedLengthMax ? weighText(value) : weighText(value) / 2
    case 'number':
      return isSmallInteger(value) ? 0 : numberBytes
    case 'object':
      break
    default:
      return 0
  }
  if (value === null || --weighing.partsLeft < 0) return 0
  return Array.isArray(value) ? weighArray(value, weighing) : weighObject(value, weighing)
}

/** One character beyond Latin-1 makes all of a text wide. */
export function weighText(text: string): number {
  const { length } = text
  return textBytes + toWords(isWide(text) ? length * 2 : length)
}

function weighArray(array: readonly unknown[], weighing: Weighing): number {
  const { length } = array
  const spine = arrayBytes + length * wordBytes
  // In place as long as all are numbers; to freeze them gives each a place of its own.
  if (!Object.isFrozen(array) && someOf(array).every((item) => typeof item === 'number')) {
    return spine
  }
  const items = someOf(array)
  let bytes = 0
  for (const item of items) bytes += weighPart(item, weighing)
  return spine + (bytes / Math.max(1, items.length)) * length
}

/** Items evenly spread over all of it. */
function someOf(array: readonly unknown[]): readonly unknown[] {
  if (array.length <= itemsMax) return array
  const step = array.length / itemsMax
  return Array.from({ length: itemsMax }, (_, index) => array[Math.floor(index * step)])
}

function weighObject(object: object, weighing: Weighing): number {
  const names = Object.keys(object)
  let bytes = objectBytes
  for (const part of Object.values(object)) bytes += weighPart(part, weighing)
  return bytes + weighNames(names, weighing.shapes)
}

/** What the properties take besides their values. */
function weighNames(names: readonly string[], shapes: Shapes): number {
  const { length } = names
  const [first = '', last = ''] = [names[0], names[length - 1]]
  if (indexName.test(first) && indexName.test(last)) return length * indexEntryBytes
  if (length <= sharedPropertiesMax) return length * wordBytes
  const namesBytes = shapes.see(names) ? 0 : sumOf(names, weighText)
  if (length > fastPropertiesMax) return namesBytes + length * dictionaryEntryBytes
  return namesBytes + length * (wordBytes + (namesBytes === 0 ? 0 : shapePropertyBytes))
}

function sumOf(names: readonly string[], weighOne: (name: string) => number): number {
  let bytes = 0
  for (const name of names) bytes += weighOne(name)
  return bytes
}

function isWide(text: string): boolean {
  if (text.length <= pieceLength * pieces) return wideCharacter.test(text)
  const last = text.length - pieceLength
  for (let piece = 0; piece < pieces; piece++) {
    const start = Math.floor((last * piece) / (pieces - 1))
    if (wideCharacter.test(text.slice(start, start + pieceLength))) return true
  }
  return false
}

function isSmallInteger(value: number): boolean {
  return Number.isInteger(value) && value < smallIntegerMax && value >= -smallIntegerMax
}

function toWords(bytes: number): number {
  return Math.ceil(bytes / wordBytes) * wordBytes
}
