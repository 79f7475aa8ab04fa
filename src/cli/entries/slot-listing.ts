/**
 * Slots of a cache as they lie on the server, found by SCAN in bounded steps. Only their heads
 * are read: a value of five megabytes costs as much as a small one.
 */
import { headBytesMax, parseHead, type Slot } from '../../core/slot.ts'
import { type Inspection, listOf, numberOf, pipelineMax, textOf } from '../../inspect/index.ts'
import { primariesOf } from '../connection/cluster.ts'
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
  /** False: the limit or the bound of steps ended it. */
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

/** Whole slots; a key costs three commands. */
export async function slotsOn(server: Server, options: ListingOptions): Promise<Listing> {
  const { limit, isWanted = () => true } = options
  const found = new Map<string, FoundSlot>()
  let isComplete = true
  for await (const { node, names, isLast } of steps(server, options)) {
    for (const slot of await headsOf(node, names)) if (isWanted(slot)) found.set(slot.key, slot)
    isComplete = isLast
    if (found.size >= limit) break
  }
  const slots = [...found.values()]
  return { slots: slots.slice(0, limit), isComplete: isComplete && slots.length <= limit }
}

/** Their keys alone, which the scan tells already. */
export async function keysOn(
  server: Server,
  options: Omit<ListingOptions, 'isWanted'>,
): Promise<{ readonly keys: readonly string[]; readonly isComplete: boolean }> {
  const found = new Set<string>()
  let isComplete = true
  for await (const { names, isLast } of steps(server, options)) {
    for (const name of names) found.add(keyOf(name))
    isComplete = isLast
    if (found.size >= options.limit) break
  }
  const keys = [...found].slice(0, options.limit)
  return { keys, isComplete: isComplete && found.size <= options.limit }
}

interface Step {
  readonly node: Inspection
  readonly names: readonly string[]
  /** Nothing comes behind it. */
  readonly isLast: boolean
}

/** Of a cluster one primary after the other. */
async function* steps(
  { inspection, namespace }: Server,
  { pattern, onProgress, isEnded }: Omit<ListingOptions, 'isWanted'>,
): AsyncGenerator<Step, void> {
  const match = `{${namespace.replace(/[*?[\]\\^]/g, '\\$&')}:*}:k:${pattern}`
  const nodes = [...(await primariesOf(inspection))]
  let [node, cursor] = [nodes.shift(), '0']
  for (let step = 1; step <= stepsMax && node !== undefined; step++) {
    const reply = await node.call('scan', cursor, 'MATCH', match, 'COUNT', placesAtOnce)
    const [next, found] = listOf(reply)
    cursor = textOf(next) ?? '0'
    onProgress?.(step * placesAtOnce)
    const names = listOf(found).flatMap((name) => textOf(name) ?? [])
    yield { node, names, isLast: cursor === '0' && nodes.length === 0 }
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
