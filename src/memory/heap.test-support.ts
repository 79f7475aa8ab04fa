/**
 * Measures heap in a process of its own, where nothing else comes and goes: what an entry
 * takes besides its key and value, and what values take against what they are taken for.
 * Prints one line of JSON.
 */
import type { IdKind, Standing } from '../core/contracts/memory.ts'
import { deepFreeze } from '../core/value.ts'
import { AdaptiveMemory } from './adaptive-memory.ts'
import { entryOf } from './entry.test-support.ts'
import { Shapes, weigh } from './weigh.ts'

export interface HeapReport {
  /** Bytes besides key and value, by kind of id. */
  readonly entryBytes: Readonly<Record<'number' | 'text', number>>
  /** Estimated bytes for each measured one, by shape of value. */
  readonly ratios: Readonly<Record<string, number>>
  /** Bytes of an entry whose tag was cut from a slot of `slotChars`. */
  readonly cutBytes: number
  /** Counted bytes for each measured one, of entries under ids of several fields. */
  readonly fieldRatios: Readonly<Record<'short' | 'long', number>>
  /** Bytes of an entry whose id was cut from a text of `slotChars`. */
  readonly cutIdBytes: Readonly<Record<'one field' | 'several', number>>
}

const entries = 100_000
const cutEntries = 2_000
const slotChars = 10_000
/** Bytes that each shape is measured with, about. */
const measuredBytes = 8 * 1_024 * 1_024

/** Of a place in an array. */
const wordBytes = 8

const range = (count: number) => Array.from({ length: count }, (_, at) => at)

const shapes: Readonly<Record<string, (number: number) => unknown>> = {
  'a small object': (number) => ({
    id: number,
    name: `user number ${number}`,
    balance: number + 0.5,
    isActive: true,
    seenMs: 1_700_000_000_000 + number,
  }),
  'a list of objects': (number) =>
    range(50).map((at) => ({
      id: number * 50 + at,
      title: `Position ${at} of the user with number ${number}`,
      size: at + 0.25,
      side: at % 2 === 0 ? 'buy' : 'sell',
    })),
  'a long text': (number) => `The text with number ${number}. `.repeat(300),
  'a map of maps': (number) => ({
    prices: Object.fromEntries(range(300).map((at) => [`m-${number}-${at}`, { bid: at / 3 }])),
    owners: Object.fromEntries(range(40).map((at) => [`user-${number}-${at}`, { count: at }])),
  }),
  'an array of numbers': (number) => range(1_000).map((at) => (at * 1.37 + number) / 3),
}

/** What was measured stays, so that nothing goes while the next is measured. */
const kept: unknown[] = []

async function report(): Promise<HeapReport> {
  const entryBytes = {
    number: await entryBytesOf((at) => at),
    text: await entryBytesOf((at) => `the text of the id ${at}`),
  }
  const ratios: Record<string, number> = {}
  for (const [name, make] of Object.entries(shapes)) ratios[name] = await ratioOf(make)
  const fieldRatios = { short: await fieldRatio(30), long: await fieldRatio(400) }
  const cutIdBytes = {
    'one field': await cutIdBytesOf(undefined),
    several: await cutIdBytesOf(pairs),
  }
  return { entryBytes, ratios, cutBytes: await cutBytes(), fieldRatios, cutIdBytes }
}

interface PairId {
  readonly market: number
  readonly user: string
}

const keyOf = ({ market, user }: PairId): string => `pair:${market}:${user}`
const pairs: IdKind = {
  names: ['market', 'user'],
  memoryId: (id) => keyOf(id as PairId),
}
const standings: readonly Standing[] = [
  { trust: { untilMs: 1e9, generation: 1 }, groups: { newest: 0, covers: () => true } },
]

/** Entries that were all served, so that they are found without their keys. */
async function fieldRatio(userChars: number): Promise<number> {
  const count = 20_000
  const memory = new AdaptiveMemory({ bytesMax: 2 ** 40, entriesMax: count })
  const region = memory.region('pairs', pairs)
  kept.push(memory)
  const before = await heapBytes()
  const idOf = (market: number) => ({ market, user: `${market}`.padStart(userChars, 'u') })
  for (const market of range(count)) {
    region.put(keyOf(idOf(market)), entryOf({ value: 1, generation: 1 }), 0)
  }
  // The last first, so that the index has its full size from the beginning.
  for (const market of range(count).reverse()) {
    if (region.serve(idOf(market), standings, 1) < 0) throw new Error('an entry is not served')
  }
  return region.bytes / ((await heapBytes()) - before)
}

async function cutIdBytesOf(ids: IdKind | undefined): Promise<number> {
  const memory = new AdaptiveMemory({ bytesMax: 2 ** 40, entriesMax: cutEntries })
  const region = memory.region('cut', ids)
  kept.push(memory)
  const before = await heapBytes()
  for (const at of range(cutEntries)) {
    const user = `the user with number ${at}`
    const body = Buffer.from(user + 'x'.repeat(slotChars)).toString('latin1')
    const id = { market: at, user: body.slice(0, user.length) }
    region.put(ids ? keyOf(id) : id.user, entryOf({ value: 1, generation: 1 }), 0)
    region.serve(ids ? id : id.user, standings, 1)
  }
  return ((await heapBytes()) - before) / cutEntries
}

/** Entries as they come from Redis: their tags are pieces of the text of the slot. */
async function cutBytes(): Promise<number> {
  const memory = new AdaptiveMemory({ bytesMax: 2 ** 40, entriesMax: cutEntries })
  const region = memory.region('users')
  kept.push(memory)
  const before = await heapBytes()
  for (const at of range(cutEntries)) {
    const tag = `the tag with number ${at}`
    const slot = Buffer.from(tag + 'x'.repeat(slotChars)).toString('latin1')
    region.put(at, entryOf({ value: at, tags: [slot.slice(0, tag.length)] }), 0)
  }
  return ((await heapBytes()) - before) / cutEntries
}

async function entryBytesOf(idOf: (at: number) => string | number): Promise<number> {
  const value = { shared: true }
  const memory = new AdaptiveMemory({ bytesMax: 2 ** 40, entriesMax: 10 * entries })
  const region = memory.region('users')
  kept.push(memory)
  const before = await heapBytes()
  let ids: (string | number)[] = JSON.parse(JSON.stringify(range(entries).map(idOf)))
  const idBytes = (await heapBytes()) - before - entries * wordBytes
  for (const [at, id] of ids.entries()) {
    region.put(id, entryOf({ value, fid: String(at).padStart(16, 'A'), clock: at + 0.5 }), 0)
  }
  // Memory has its own, so that nothing is kept alive that an id was cut from.
  ids = []
  const bytes = (await heapBytes()) - before - idBytes
  if (region.count !== entries) throw new Error('some entries were evicted')
  return bytes / entries
}

/** Values as they come from Redis, and frozen as they are kept. */
async function ratioOf(make: (number: number) => unknown): Promise<number> {
  const made = (number: number): unknown => {
    const value: unknown = JSON.parse(JSON.stringify(make(number)))
    deepFreeze(value)
    return value
  }
  const count = Math.ceil(measuredBytes / weigh(made(1), new Shapes()))
  const values: unknown[] = new Array(count).fill(undefined)
  kept.push(values)
  const before = await heapBytes()
  for (let at = 0; at < count; at++) values[at] = made(at + 100)
  const measured = (await heapBytes()) - before
  const seen = new Shapes()
  let estimated = 0
  for (const value of values) estimated += weigh(value, seen)
  return estimated / measured
}

async function heapBytes(): Promise<number> {
  // From a task of its own, where no frame of a call holds what is over.
  for (let round = 0; round < 3; round++) await globalThis.gc?.({ execution: 'async' })
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

process.stdout.write(`${JSON.stringify(await report())}\n`)
