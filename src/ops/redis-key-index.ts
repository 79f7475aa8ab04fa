/**
 * Keys by SCAN: a bounded number of bounded steps for each request, so that a request costs the
 * server the same whatever it holds, and a person asks for more with the cursor. Of a Cluster it
 * sees the node that the connection leads to.
 */
import {
  type CommandLine,
  type Inspection,
  listOf,
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

export const keyCommands: readonly string[] = ['scan', 'pttl', 'strlen', 'getrange', 'dbsize']

/** Places that one step looks at; some tens of microseconds of the server's time. */
const stepPlaces = 500
export const pageStepsMax = 20
/** A count goes further, because a plan is made once for a minute. */
export const countStepsMax = 100
const questionsPerKey = 3

const kinds: Readonly<Record<string, string>> = {
  V: 'value',
  L: 'lease',
  Q: 'quarantine',
  T: 'floor',
}

/** Each character of a text is one byte: what others wrote under our name may be no UTF-8. */
const bytewise = 'latin1'

interface Step {
  readonly slots: readonly string[]
  readonly cursor: string
}

export class RedisKeyIndex implements KeyIndex {
  readonly #inspection: Inspection
  readonly #namespace: string

  constructor(inspection: Inspection, namespace: string) {
    this.#inspection = inspection
    this.#namespace = namespace
  }

  async page({ pattern, cursor: from = '0', limit }: PageRequest): Promise<KeyPage> {
    if (!/^\d{1,20}$/.test(from)) throw new Refusal('INVALID_REQUEST', 'It is no cursor of ours.')
    // Of all keys nearly every place is a hit: a smaller step keeps to the limit.
    const places = pattern === '*' ? Math.min(limit, stepPlaces) : stepPlaces
    const slots = new Set<string>()
    let cursor = from
    let scanned = 0
    for (let steps = 0; steps < pageStepsMax && slots.size < limit; steps++) {
      const step = await this.#step({ pattern, cursor, places })
      for (const slot of step.slots) slots.add(slot)
      scanned += places
      cursor = step.cursor
      if (cursor === '0') break
    }
    const keys = await this.#describe([...slots])
    return { keys, cursor: cursor === '0' ? undefined : cursor, scanned }
  }

  async count(pattern: string): Promise<KeyCount> {
    const slots = new Set<string>()
    let cursor = '0'
    let scanned = 0
    for (let steps = 0; steps < countStepsMax; steps++) {
      const step = await this.#step({ pattern, cursor, places: stepPlaces })
      for (const slot of step.slots) slots.add(slot)
      scanned += stepPlaces
      cursor = step.cursor
      if (cursor === '0') break
    }
    const sample = [...slots].slice(0, sampleMax).map(keyTextIn)
    if (cursor === '0') return { count: slots.size, isEstimate: false, sample }
    const places = numberOf(await this.#inspection.call('dbsize')) ?? scanned
    const count = Math.round((slots.size * Math.max(places, scanned)) / scanned)
    return { count, isEstimate: true, sample }
  }

  async #step(from: { pattern: string; cursor: string; places: number }): Promise<Step> {
    const match = `{${this.#namespace}:*}:k:${from.pattern}`
    const line = ['scan', from.cursor, 'match', match, 'count', String(from.places)] as const
    const reply = await this.#inspection.callBytes(...line)
    const [cursor, found] = listOf(reply)
    const slots = listOf(found)
      .filter(Buffer.isBuffer)
      .map((one) => one.toString(bytewise))
    return { slots, cursor: textOf(cursor) ?? '0' }
  }

  async #describe(slots: readonly string[]): Promise<FoundKey[]> {
    const found: FoundKey[] = []
    const keysPerPipeline = Math.floor(pipelineMax / questionsPerKey)
    for (let at = 0; at < slots.length; at += keysPerPipeline) {
      const some = slots.slice(at, at + keysPerPipeline)
      const answers = await this.#inspection.pipeline(
        some.map((slot) => Buffer.from(slot, bytewise)).flatMap(questionsOf),
      )
      const replies = answers.map((answer) => ('reply' in answer ? answer.reply : undefined))
      for (const [index, slot] of some.entries()) {
        const [ttl, bytes, mark] = replies.slice(index * questionsPerKey)
        const ttlMs = numberOf(ttl)
        // Gone since it was found.
        if (ttlMs === -2) continue
        found.push({
          text: keyTextIn(slot),
          ttlMs: ttlMs === undefined || ttlMs < 0 ? undefined : ttlMs,
          bytes: numberOf(bytes),
          kind: kinds[textOf(mark) ?? ''] ?? 'unknown',
        })
      }
    }
    return found
  }
}

function questionsOf(slot: Buffer): CommandLine[] {
  return [
    ['pttl', slot],
    ['strlen', slot],
    ['getrange', slot, 0, 0],
  ]
}

/** What follows `{namespace:partition}:k:`; a text without that is a key text already. */
export function keyTextIn(slot: string): string {
  const at = slot.indexOf('}:k:')
  return slot.startsWith('{') && at > 0 ? slot.slice(at + '}:k:'.length) : slot
}
