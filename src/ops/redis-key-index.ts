/**
 * Keys by SCAN: a bounded number of bounded steps for each request, so that a request costs the
 * server the same whatever it holds, and a person asks for more with the cursor. Of a Cluster all
 * primaries are walked, one after the other, and the cursor says at which one it stands.
 */
import {
  type CommandLine,
  clusterPrimaries,
  type Inspection,
  listOf,
  type NodeAddress,
  numberOf,
  pipelineMax,
  textOf,
} from '../inspect/index.ts'
import {
  type FoundKey,
  type KeyCount,
  type KeyIndex,
  type KeyPage,
  type PageRequest,
  sampleMax,
} from './key-index.ts'
import { Refusal } from './problem.ts'

export const keyCommands: readonly string[] = [
  ...['scan', 'pttl', 'strlen', 'getrange', 'dbsize', 'info', 'cluster|nodes'],
]

/** Places that one step looks at; some tens of microseconds of the server's time. */
const stepPlaces = 500
const pageStepsMax = 20
/** Of all nodes together: a count goes further, because a plan is made once for a minute. */
const countStepsMax = 100
const questionsPerKey = 3
/** Twice what an id may have, and room for its template. */
const keyCharsMax = 2_048
/** Each takes a second and a half of what may be sent. */
export const pagesAtOnceMax = 4
const retryPageMs = 1_500

const kinds: Readonly<Record<string, string>> = {
  V: 'value',
  L: 'lease',
  Q: 'quarantine',
  T: 'floor',
}

/** Each character of a text is one byte: what others wrote under our name may be no UTF-8. */
const bytewise = 'latin1'

/** A node that is asked; an `Inspection` is one. */
export interface KeyNode extends Pick<Inspection, 'call' | 'callBytes' | 'pipeline'> {
  to(address: NodeAddress): KeyNode
}

interface Place {
  /** Undefined: of the only server. */
  readonly id?: string
  readonly node: KeyNode
}

interface Step {
  readonly slots: readonly string[]
  readonly cursor: string
}

/** What some steps on one node have found. */
interface Walk {
  readonly slots: ReadonlySet<string>
  /** Keys like those on the whole node. */
  readonly count: number
  readonly isWhole: boolean
}

export class RedisKeyIndex implements KeyIndex {
  readonly #inspection: KeyNode
  readonly #namespace: string
  #pages = 0

  constructor(inspection: KeyNode, namespace: string) {
    this.#inspection = inspection
    this.#namespace = namespace
  }

  async page(request: PageRequest): Promise<KeyPage> {
    if (this.#pages >= pagesAtOnceMax) {
      const detail = `At most ${pagesAtOnceMax} lists of keys are made at a time.`
      throw new Refusal('RATE_LIMITED', detail, retryPageMs)
    }
    this.#pages++
    try {
      return await this.#page(request)
    } finally {
      this.#pages--
    }
  }

  async count(pattern: string): Promise<KeyCount> {
    const places = await this.#places()
    const stepsMax = Math.max(1, Math.floor(countStepsMax / places.length))
    const slots = new Set<string>()
    let count = 0
    let isWhole = places.length > 0
    for (const { node } of places) {
      const walk = await this.#walk(node, pattern, stepsMax)
      for (const slot of walk.slots) slots.add(slot)
      count += walk.count
      isWhole &&= walk.isWhole
    }
    const sample = [...slots].slice(0, sampleMax).map(shownText)
    return { count: isWhole ? slots.size : count, isEstimate: !isWhole, sample }
  }

  async #places(): Promise<readonly Place[]> {
    return (await clusterPrimaries(this.#inspection)) ?? [{ node: this.#inspection }]
  }

  async #walk(node: KeyNode, pattern: string, stepsMax: number): Promise<Walk> {
    const slots = new Set<string>()
    let cursor = '0'
    let scanned = 0
    do {
      const step = await this.#step(node, { pattern, cursor, places: stepPlaces })
      for (const slot of step.slots) slots.add(slot)
      scanned += stepPlaces
      cursor = step.cursor
    } while (cursor !== '0' && scanned < stepsMax * stepPlaces)
    if (cursor === '0') return { slots, count: slots.size, isWhole: true }
    const places = numberOf(await node.call('dbsize')) ?? scanned
    const count = Math.round((slots.size * Math.max(places, scanned)) / scanned)
    return { slots, count, isWhole: false }
  }

  async #page({ pattern, cursor: from, limit }: PageRequest): Promise<KeyPage> {
    const places = await this.#places()
    let { at, cursor } = startOf(from, places)
    // Of all keys nearly every place is a hit: a smaller step keeps to the limit.
    const stepSize = pattern === '*' ? Math.min(limit, stepPlaces) : stepPlaces
    const found = new Map<Place, Set<string>>()
    let [scanned, count] = [0, 0]
    for (let steps = 0; steps < pageStepsMax && count < limit; steps++) {
      const place = places[at]
      if (place === undefined) break
      const step = await this.#step(place.node, { pattern, cursor, places: stepSize })
      const slots = found.get(place) ?? new Set()
      count -= slots.size
      for (const slot of step.slots) slots.add(slot)
      count += slots.size
      found.set(place, slots)
      scanned += stepSize
      cursor = step.cursor
      if (cursor === '0') at++
    }
    const keys: FoundKey[] = []
    for (const [{ node }, slots] of found) keys.push(...(await this.#describe(node, [...slots])))
    return { keys, cursor: cursorOf(places[at], cursor), scanned }
  }

  async #step(
    node: KeyNode,
    from: { pattern: string; cursor: string; places: number },
  ): Promise<Step> {
    const match = `{${this.#namespace}:*}:k:${from.pattern}`
    const line = ['scan', from.cursor, 'match', match, 'count', String(from.places)] as const
    const reply = await node.callBytes(...line)
    const [cursor, found] = listOf(reply)
    const slots = listOf(found)
      .filter(Buffer.isBuffer)
      .map((one) => one.toString(bytewise))
    return { slots, cursor: textOf(cursor) ?? '0' }
  }

  async #describe(node: KeyNode, slots: readonly string[]): Promise<FoundKey[]> {
    const found: FoundKey[] = []
    const keysPerPipeline = Math.floor(pipelineMax / questionsPerKey)
    for (let at = 0; at < slots.length; at += keysPerPipeline) {
      const some = slots.slice(at, at + keysPerPipeline)
      const answers = await node.pipeline(
        some.map((slot) => Buffer.from(slot, bytewise)).flatMap(questionsOf),
      )
      const replies = answers.map((answer) => ('reply' in answer ? answer.reply : undefined))
      for (const [index, slot] of some.entries()) {
        const [ttl, bytes, mark] = replies.slice(index * questionsPerKey)
        const ttlMs = numberOf(ttl)
        // Gone since it was found.
        if (ttlMs === -2) continue
        found.push({
          text: shownText(slot),
          ttlMs: ttlMs === undefined || ttlMs < 0 ? undefined : ttlMs,
          bytes: numberOf(bytes),
          kind: kinds[textOf(mark) ?? ''] ?? 'unknown',
        })
      }
    }
    return found
  }
}

/** Where a list goes on. Throws a refusal. */
function startOf(from = '', places: readonly Place[]): { at: number; cursor: string } {
  if (from === '') return { at: 0, cursor: '0' }
  const match = /^(?:(\w{1,64}):)?(\d{1,20})$/.exec(from)
  if (match === null) throw new Refusal('INVALID_REQUEST', 'It is no cursor of ours.')
  const [, id, cursor = '0'] = match
  const at = places.findIndex((place) => place.id === id)
  if (at >= 0) return { at, cursor }
  throw new Refusal('INVALID_REQUEST', 'The node of this cursor serves no keys now. Begin anew.')
}

/** Undefined: there is no place left. */
function cursorOf(place: Place | undefined, cursor: string): string | undefined {
  return place?.id === undefined ? place && cursor : `${place.id}:${cursor}`
}

function questionsOf(slot: Buffer): CommandLine[] {
  return [
    ['pttl', slot],
    ['strlen', slot],
    ['getrange', slot, 0, 0],
  ]
}

/** No key of ours is as long; what others wrote under our name is told by its beginning. */
function shownText(slot: string): string {
  const text = keyTextIn(slot)
  return text.length <= keyCharsMax ? text : `${text.slice(0, keyCharsMax)}…`
}

/** What follows `{namespace:partition}:k:`; a text without that is a key text already. */
export function keyTextIn(slot: string): string {
  const at = slot.indexOf('}:k:')
  return slot.startsWith('{') && at > 0 ? slot.slice(at + '}:k:'.length) : slot
}
