/**
 * What a value may consist of, so that it is the same from every tier (CONTRACT 2): null,
 * booleans, finite numbers, strings, arrays and plain objects, at most 200 deep.
 *
 * One walk checks, guards and freezes, children before parents. Cycles need no bookkeeping: they
 * show as depth, and only then a second walk looks for the place where they close. Shared
 * parts are walked once for each place, as an encoder would, so the walk has a bound of
 * its own. Where a value is refused, parts of it may have been frozen already.
 *
 * Two things are put right instead of refused: `-0` becomes 0, because encoded it is 0;
 * a property that is `undefined` counts as absent.
 */
import type { Guard } from './guard.ts'

export type Carried =
  /** `parts`: as many as the walk has met, which is what an encoder will have to do. */
  | { readonly ok: true; readonly parts: number }
  | {
      readonly ok: false
      /** As one would write it, such as `[3].user.born`; '' is the value itself. */
      readonly path: string
      readonly what: string
      /** The guard has refused it. */
      readonly isSensitive: boolean
    }

/** Deeper values are refused: encoders and other languages have such bounds too. */
export const DEPTH_MAX = 200
/** Parts walked at most; a value of more parts is far beyond any `maxValueBytes`. */
const PARTS_MAX = 5_000_000

/** Checks a value and, if asked to, freezes it at any depth; a guard looks at every field. */
export function carry(value: unknown, freeze: boolean, guard?: Guard): Carried {
  const walk: Walk = { freeze, guard, partsLeft: PARTS_MAX }
  const first = typeof value === 'object' ? faultOf(value, 0, walk) : faultOfRoot(value, guard)
  if (first === undefined) return { ok: true, parts: PARTS_MAX - walk.partsLeft }
  const found = first.what === TOO_DEEP ? (cycleIn(value, new Set()) ?? first) : first
  const { what, isSensitive = false } = found
  return { ok: false, path: found.path.join(''), what, isSensitive }
}

/** Freezes what a decoder has made. False: deeper than any value that we store. */
export function deepFreeze(value: unknown, depth = 0): boolean {
  if (typeof value !== 'object' || value === null) return true
  if (depth > DEPTH_MAX) return false
  for (const child of Array.isArray(value) ? value : Object.values(value)) {
    if (typeof child === 'object' && !deepFreeze(child, depth + 1)) return false
  }
  Object.freeze(value)
  return true
}

interface Walk {
  readonly freeze: boolean
  readonly guard: Guard | undefined
  partsLeft: number
}
/** Built while the walk unwinds, so that good values cost no path. */
interface Fault {
  readonly path: string[]
  readonly what: string
  readonly isSensitive?: boolean
}

const SYMBOL = 'a symbol as key'
const TOO_DEEP = `more than ${DEPTH_MAX} levels`

function faultOf(value: object | null, depth: number, walk: Walk): Fault | undefined {
  if (value === null) return undefined
  if (depth > DEPTH_MAX) return fault(TOO_DEEP)
  const isArray = Array.isArray(value)
  const found = isArray ? faultInArray(value, depth, walk) : faultInObject(value, depth, walk)
  if (found === undefined && walk.freeze) Object.freeze(value)
  return found
}

function faultInArray(array: unknown[], depth: number, walk: Walk): Fault | undefined {
  // The prototype of arrays is an array in every realm; that of a subclass is not.
  if (!Array.isArray(Object.getPrototypeOf(array))) return fault(nameOf(array))
  if (hasSymbols(array)) return fault(SYMBOL)
  if (array.length <= ODD_ARRAY_MAX && isOddArray(array)) return fault(ODD_ARRAY)
  for (let index = 0; index < array.length; index++) {
    const value = array[index]
    const found =
      value === undefined
        ? fault(index in array ? 'undefined in an array' : 'a hole in an array')
        : faultOfPart(array, index, value, depth, walk)
    if (found) return within(found, `[${index}]`)
  }
  return undefined
}

function faultInObject(object: object, depth: number, walk: Walk): Fault | undefined {
  if (!isPlain(object)) return fault(nameOf(object))
  // Two lists: for `Reflect.ownKeys`, which has both, V8 has no short way.
  if (hasSymbols(object)) return fault(SYMBOL)
  for (const name of Object.getOwnPropertyNames(object)) {
    // Read field by field: a descriptor that doesn't leave this loop costs no object.
    const property = Object.getOwnPropertyDescriptor(object, name)
    const value: unknown = property?.value
    if (property?.get || property?.set) return fault('an accessor', step(name))
    // Encoded it would be gone: so it goes here too, unless somebody has frozen it.
    if (value === undefined) {
      Reflect.deleteProperty(object, name)
      continue
    }
    if (!property?.enumerable) return fault('a property that is not enumerable', step(name))
    const found = faultOfPart(object, name, value, depth, walk)
    if (found) return within(found, step(name))
  }
  return undefined
}

function faultOfPart(
  holder: object,
  name: string | number,
  value: unknown,
  depth: number,
  walk: Walk,
): Fault | undefined {
  if (--walk.partsLeft < 0) return fault(`more than ${PARTS_MAX} parts`)
  if (walk.guard !== undefined) {
    const { guard } = walk
    const what = typeof name === 'string' ? guard.inField(name, value) : guard.inPart(value)
    if (what !== undefined) return { path: [], what, isSensitive: true }
  }
  if (typeof value === 'object') return faultOf(value, depth + 1, walk)
  if (!Object.is(value, -0)) return faultOfLeaf(value)
  return Reflect.set(holder, name, 0) ? undefined : fault('-0 in a frozen object')
}

/**
 * Named properties and accessors of arrays occur in what regular expressions and template
 * literals return, which is short. In long arrays to look for them costs more than to encode.
 */
const ODD_ARRAY_MAX = 64
const ODD_ARRAY = 'an array with named properties or accessors'

function isOddArray(array: readonly unknown[]): boolean {
  // Who walks over the items finds the holes. All names, `raw` and `length` with them, would take
  // V8 ten times as long.
  if (Object.keys(array).length > array.length || Object.hasOwn(array, 'raw')) return true
  for (let index = 0; index < array.length; index++) {
    const property = Object.getOwnPropertyDescriptor(array, index)
    if (property?.get || property?.set) return true
  }
  return false
}

/** A value that is a mere number has no holder in which -0 could be put right. */
function faultOfRoot(value: unknown, guard: Guard | undefined): Fault | undefined {
  const what = guard?.inPart(value)
  if (what !== undefined) return { path: [], what, isSensitive: true }
  return Object.is(value, -0) ? fault('-0') : faultOfLeaf(value)
}

function faultOfLeaf(value: unknown): Fault | undefined {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return undefined
    case 'number':
      return Number.isFinite(value) ? undefined : fault(String(value))
    case 'undefined':
      return fault('undefined')
    default:
      return fault(`a ${typeof value}`)
  }
}

function hasSymbols(object: object): boolean {
  return Object.getOwnPropertySymbols(object).length > 0
}

/** Plain objects of any realm: without a prototype, or with one that is at the root. */
function isPlain(object: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(object)
  if (prototype === Object.prototype || prototype === null) return true
  const isRoot = typeof prototype === 'object' && Object.getPrototypeOf(prototype) === null
  return isRoot && Object.hasOwn(prototype, 'isPrototypeOf')
}

function nameOf(object: object): string {
  const maker: unknown = object.constructor
  const name = typeof maker === 'function' ? maker.name : ''
  return `an object of class ${name || '(without a name)'}`
}

function cycleIn(value: unknown, above: Set<unknown>): Fault | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  if (above.has(value)) return fault('a cycle')
  if (above.size > DEPTH_MAX) return undefined
  above.add(value)
  for (const [name, child] of Object.entries(value)) {
    const found = cycleIn(child, above)
    if (found) return within(found, Array.isArray(value) ? `[${name}]` : step(name))
  }
  above.delete(value)
  return undefined
}

function fault(what: string, ...path: string[]): Fault {
  return { path, what }
}

function within(inner: Fault, outer: string): Fault {
  return { ...inner, path: [outer, ...inner.path] }
}

function step(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`
}
