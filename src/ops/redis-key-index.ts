/**
 * Keys by SCAN: a bounded number of bounded steps for each request, so that a request costs the
 * server the same whatever it holds, and a person asks for more with the cursor. Of a Cluster all
 * primaries are walked, one after the other, and the cursor says at which one it stands. One that
 * does not answer is left out and named, and what is found without it is never called the whole.
 */
import { isStaleproofError } from '../core/errors.ts'
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
export interface KeyNode
  extends Pick<Inspection, 'address' | 'call' | 'callBytes' | 'keepOnly' | 'pipeline'> {
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
    const withheld: string[] = []
    let count = 0
    let isWhole = places.length > 0
    for (const place of places) {
      const walk = await this.#walk(place.node, pattern, stepsMax).catch(unlessSilent(place))
      if (walk === undefined) {
        withheld.push(keysOn(place))
        continue
      }
      for (const slot of walk.slots) slots.add(slot)
      count += walk.count
      isWhole &&= walk.isWhole
    }
    const sample = [...slots].slice(0, sampleMax).map(shownText)
    if (isWhole && withheld.length === 0) {
      return { count: slots.size, isEstimate: false, withheld, sample }
    }
    return { count, isEstimate: true, withheld, sample }
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
    let { at, cursor, isPartial } = startOf(from, places)
    // Of all keys nearly every place is a hit: a smaller step keeps to the limit.
    const stepSize = pattern === '*' ? Math.min(limit, stepPlaces) : stepPlaces
    const found = new Map<Place, Set<string>>()
    const silent = new Set<Place>()
    let [scanned, count] = [0, 0]
    for (let steps = 0; steps < pageStepsMax && count < limit; steps++) {
      const place = places[at]
      if (place === undefined) break
      const asked = this.#step(place.node, { pattern, cursor, places: stepSize })
      const step = await asked.catch(unlessSilent(place))
      if (step === undefined) {
        silent.add(place)
        cursor = '0'
        at++
        continue
      }
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
    for (const [place, slots] of found) {
      const described = await this.#describe(place.node, [...slots]).catch(unlessSilent(place))
      if (described === undefined) silent.add(place)
      else keys.push(...described)
    }
    isPartial ||= silent.size > 0
    const next = cursorOf(places[at], { cursor, isPartial })
    const isComplete = next === undefined && !isPartial
    return { keys, cursor: next, scanned, isComplete, withheld: [...silent].map(keysOn) }
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

interface Start {
  readonly at: number
  readonly cursor: string
  /** An earlier page has left out a node. */
  readonly isPartial: boolean
}

/** Where a list goes on. Throws a refusal. */
function startOf(from = '', places: readonly Place[]): Start {
  if (from === '') return { at: 0, cursor: '0', isPartial: false }
  const match = /^(?:(\w{1,64}):)?(\d{1,20})(:partial)?$/.exec(from)
  if (match === null) throw new Refusal('INVALID_REQUEST', 'It is no cursor of ours.')
  const [, id, cursor = '0', partial] = match
  const at = places.findIndex((place) => place.id === id)
  if (at >= 0) return { at, cursor, isPartial: partial !== undefined }
  throw new Refusal('INVALID_REQUEST', 'The node of this cursor serves no keys now. Begin anew.')
}

/** Undefined: there is no place left. */
function cursorOf(
  place: Place | undefined,
  { cursor, isPartial }: Omit<Start, 'at'>,
): string | undefined {
  if (place?.id === undefined) return place && cursor
  return `${place.id}:${cursor}${isPartial ? ':partial' : ''}`
}

/** Makes undefined of a node of a Cluster that does not answer: others are asked all the same. */
function unlessSilent({ id }: Place): (error: unknown) => undefined {
  return (error) => {
    if (id === undefined || !isStaleproofError(error, 'SP_REDIS_DOWN')) throw error
  }
}

function keysOn({ node }: Place): string {
  return `keys of the node ${node.address}, which does not answer`
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
