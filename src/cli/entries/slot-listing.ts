/**
 * Slots of a cache as they lie on the server, found by SCAN in bounded steps. Only their heads
 * are read: a value of five megabytes costs as much as a small one.
 */
import { headBytesMax, parseHead, type Slot } from '../../core/slot.ts'
import {
  clusterPrimaries,
  type Inspection,
  listOf,
  numberOf,
  pipelineMax,
  primariesOf,
  textOf,
} from '../../inspect/index.ts'
import type { Server } from '../connection/server.ts'

export interface FoundSlot {
  readonly key: string
  readonly kind: Slot['kind'] | 'damaged'
  readonly slot: Slot | undefined
  /** Undefined: it never expires. */
  readonly ttlMs: number | undefined
  readonly bytes: number | undefined
}

export interface Listing {
  readonly slots: readonly FoundSlot[]
  /** False: the limit or the bound of steps ended it, or a part of the Cluster fails. */
  readonly isComplete: boolean
}

export interface ListingOptions {
  /** A glob over key texts. */
  readonly pattern: string
  readonly limit: number
  readonly isWanted?: (slot: FoundSlot) => boolean
  readonly onProgress?: (scanned: number) => void
  readonly isEnded?: () => boolean
}

/** Places of the server's table that one command looks at. */
const placesAtOnce = 500
/** A million places: at a thousand commands a second, two seconds of a busy connection. */
const stepsMax = 2_000
const questions = 3
/** SCAN may name a key twice; so many are told apart, beyond them it hardly matters. */
const knownMax = 10_000

/** Whole slots; a key costs three commands. */
export async function slotsOn(server: Server, options: ListingOptions): Promise<Listing> {
  const { limit, isWanted = () => true } = options
  const found = new Map<string, FoundSlot>()
  let isComplete = false
  for await (const { node, names, isLast } of steps(server, options)) {
    for (const slot of await headsOf(node, names)) if (isWanted(slot)) found.set(slot.key, slot)
    isComplete = isLast
    if (found.size >= limit) break
  }
  const slots = [...found.values()]
  return { slots: slots.slice(0, limit), isComplete: isComplete && slots.length <= limit }
}

export interface Counted {
  readonly count: number
  /** True: not all places were looked at, and the count is projected from those that were. */
  readonly isEstimate: boolean
  readonly sample: readonly string[]
}

export interface CountOptions extends Omit<ListingOptions, 'limit'> {
  /** Key texts to show. */
  readonly sampleMax: number
}

/** How many there are; of their names only the first are kept. */
export async function countOn(server: Server, options: CountOptions): Promise<Counted> {
  const { isWanted, sampleMax } = options
  const known = new Set<string>()
  let [count, places, isComplete] = [0, 0, false]
  for await (const { node, names, isLast } of steps(server, options)) {
    const wanted =
      isWanted === undefined
        ? names.map(keyOf)
        : (await headsOf(node, names)).filter(isWanted).map(({ key }) => key)
    for (const key of wanted) {
      if (known.has(key)) continue
      if (known.size < knownMax) known.add(key)
      count++
    }
    places += placesAtOnce
    isComplete = isLast
  }
  const sample = [...known].slice(0, sampleMax)
  if (isComplete || places === 0) return { count, isEstimate: !isComplete, sample }
  const share = Math.min(1, places / (await keysOfAll(server)))
  return { count: Math.round(count / share), isEstimate: true, sample }
}

async function keysOfAll({ inspection }: Server): Promise<number> {
  let keys = 0
  for (const node of await primariesOf(inspection)) keys += numberOf(await node.call('dbsize')) ?? 0
  return keys
}

interface Step {
  readonly node: Inspection
  readonly names: readonly string[]
  /** Nothing comes behind it, and nothing was left out. */
  readonly isLast: boolean
}

/** Of a cluster one primary after the other. */
async function* steps(
  { inspection, namespace }: Server,
  { pattern, onProgress, isEnded }: Pick<ListingOptions, 'pattern' | 'onProgress' | 'isEnded'>,
): AsyncGenerator<Step, void> {
  const match = `{${namespace.replace(/[*?[\]\\^]/g, '\\$&')}:*}:k:${pattern}`
  const primaries = (await clusterPrimaries(inspection)) ?? [{ node: inspection, isFailing: false }]
  const nodes = primaries.flatMap((primary) => (primary.isFailing ? [] : primary.node))
  const isWhole = nodes.length === primaries.length
  let [node, cursor] = [nodes.shift(), '0']
  for (let step = 1; step <= stepsMax && node !== undefined; step++) {
    const reply = await node.call('scan', cursor, 'MATCH', match, 'COUNT', placesAtOnce)
    const [next, found] = listOf(reply)
    cursor = textOf(next) ?? '0'
    onProgress?.(step * placesAtOnce)
    const names = listOf(found).flatMap((name) => textOf(name) ?? [])
    yield { node, names, isLast: isWhole && cursor === '0' && nodes.length === 0 }
    if (isEnded?.() === true) return
    if (cursor === '0') node = nodes.shift()
  }
}

async function headsOf(node: Inspection, names: readonly string[]): Promise<readonly FoundSlot[]> {
  const perTurn = Math.floor(pipelineMax / questions)
  const found: FoundSlot[] = []
  for (let at = 0; at < names.length; at += perTurn) {
    const some = names.slice(at, at + perTurn)
    const answers = await node.pipelineBytes(
      some.flatMap((name) => [
        ['getrange', name, 0, headBytesMax - 1] as const,
        ['pttl', name] as const,
        ['strlen', name] as const,
      ]),
    )
    for (const [index, name] of some.entries()) {
      const own = answers.slice(index * questions, (index + 1) * questions)
      const slot = foundSlot(
        name,
        own.map((answer) => ('reply' in answer ? answer.reply : undefined)),
      )
      if (slot !== undefined) found.push(slot)
    }
  }
  return found
}

/** Undefined: it is gone by now. */
function foundSlot(name: string, replies: readonly unknown[]): FoundSlot | undefined {
  const [head, ttl, length] = replies
  const text = Buffer.isBuffer(head) ? head.toString('latin1') : ''
  const ttlMs = numberOf(ttl)
  if (ttlMs === -2) return undefined
  const slot = parseHead(text)
  return {
    key: keyOf(name),
    kind: slot?.kind ?? 'damaged',
    slot,
    ttlMs: ttlMs === undefined || ttlMs < 0 ? undefined : ttlMs,
    bytes: numberOf(length),
  }
}

function keyOf(name: string): string {
  return name.slice(name.indexOf('}:k:') + 4)
}
