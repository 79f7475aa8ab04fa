/**
 * A client of the history test: does one random thing after another with a cache and writes
 * down what it did, when, and what it saw. Registers are read in every way there is; a write
 * is one in the database and then an invalidation, or an ordered set.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { isStaleproofError } from 'staleproof'
import { type HistoryRecord, HistoryRecorder } from 'staleproof/testing'
import { type CacheCalls, receiptOfPending } from './cache-calls.ts'
import type { DatabaseClient } from './database-client.ts'
import type { Random } from './random.ts'
import { monotonicMs, type Reading } from './reading.ts'

export type HistoryFamily = 'item' | 'ordered'

export const historyFamilies: readonly HistoryFamily[] = ['item', 'ordered']
/** Few, so that operations meet. */
export const historyIds = [1, 2, 3]

export interface ClientParts {
  readonly process: string
  readonly calls: Pick<CacheCalls, 'read' | 'readMany' | 'set'>
  /** Tells all caches that the register was written; resolves to the token of the receipt. */
  readonly invalidate: (family: HistoryFamily, id: number) => Promise<string>
  readonly database: DatabaseClient
  readonly random: Random
}

interface Asked {
  readonly how?: 'bounded' | 'strict' | 'fresh'
  /** The version whose receipt was carried. */
  readonly after?: number
}

const restMsMax = 6
const writeShare = 0.12
const plain = ['plain', 'plain', 'plain', 'plain'] as const
const waysToRead = [...plain, 'strict', 'fresh', 'after', 'many'] as const
/** Longer than the load timeout: whatever happens, a call has ended by then. */
const callMsMax = 12_000

export class HistoryClient {
  readonly history: HistoryRecord[] = []
  /** What should not have failed. */
  readonly failures: string[] = []
  readonly #parts: ClientParts
  readonly #recorder: HistoryRecorder
  #doing = ''

  constructor(parts: ClientParts) {
    this.#parts = parts
    const write = (record: HistoryRecord) => this.history.push(record)
    this.#recorder = new HistoryRecorder({ process: parts.process, now: monotonicMs, write })
  }

  async run(untilMs: number): Promise<void> {
    const { random } = this.#parts
    while (monotonicMs() < untilMs) {
      const family = random.pick(historyFamilies)
      try {
        await inTime(
          random.unit() < writeShare ? this.#write(family) : this.#read(family),
          () => this.#doing,
        )
      } catch (error) {
        this.failures.push(error instanceof Error ? (error.stack ?? error.message) : String(error))
      }
      await pause(random.below(restMsMax))
    }
  }

  async #read(family: HistoryFamily): Promise<void> {
    const { random, calls } = this.#parts
    const id = random.pick(historyIds)
    const how = random.pick(waysToRead)
    this.#doing = `${how} read of ${family}:${id}`
    switch (how) {
      case 'strict':
      case 'fresh':
        return this.#saw(family, id, await calls.read(family, id, { consistency: how }), { how })
      case 'after':
        return this.#readAfter(family, id)
      case 'many': {
        const consistency = random.pick(['bounded', 'strict'] as const)
        const readings = await calls.readMany(family, historyIds, { consistency })
        for (const [index, each] of historyIds.entries()) {
          this.#saw(family, each, readings[index], { how: consistency })
        }
        return
      }
      default:
        return this.#saw(family, id, await calls.read(family, id))
    }
  }

  async #readAfter(family: HistoryFamily, id: number): Promise<void> {
    const { calls, database } = this.#parts
    const receipt = await database.receipt(family, id)
    if (receipt === undefined) return
    const reading = await calls.read(family, id, { after: receipt.token })
    this.#saw(family, id, reading, { after: receipt.version })
  }

  #saw(
    family: HistoryFamily,
    id: number,
    reading: Reading | undefined,
    { how = 'bounded', after }: Asked = {},
  ): void {
    if (reading?.version === undefined) throw new Error('a read had no version')
    const { invokedMs, version, from, why } = reading
    const versionOf = (seen: number) => seen
    const asked = { mode: how, after, invokedMs, note: this.#doing, versionOf }
    this.#recorder.saw(`${family}:${id}`, asked, { from, why, value: version })
  }

  async #write(family: HistoryFamily): Promise<void> {
    const { random } = this.#parts
    const id = random.pick(historyIds)
    const key = `${family}:${id}`
    this.#doing = `write of ${key}`
    const version = await this.#recorder.write(key, () => this.#bump(family, id))
    try {
      if (family === 'ordered' && random.unit() < 0.5) await this.#set(id, version)
      else await this.#invalidate(family, id, version)
    } catch (error) {
      if (!isStaleproofError(error, 'SP_INVALIDATION_PENDING')) throw error
    }
  }

  async #bump(family: HistoryFamily, id: number): Promise<number> {
    const [version] = await this.#parts.database.bump(family, [id])
    if (version === undefined) throw new Error('a write had no version')
    return version
  }

  async #set(id: number, version: number): Promise<void> {
    const { calls } = this.#parts
    const asked = { how: 'set', upTo: version } as const
    await this.#recorder.invalidate([`ordered:${id}`], asked, () =>
      calls.set('ordered', id, version),
    )
  }

  async #invalidate(family: HistoryFamily, id: number, version: number): Promise<void> {
    const { invalidate, database } = this.#parts
    try {
      const token = await this.#recorder.invalidate([`${family}:${id}`], { how: 'key' }, () =>
        invalidate(family, id),
      )
      await database.publish(family, id, { version, token })
    } catch (error) {
      const { token } = receiptOfPending(error)
      await database.publish(family, id, { version, token })
    }
  }
}

async function inTime(call: Promise<void>, what: () => string): Promise<void> {
  const controller = new AbortController()
  const late = pause(callMsMax, undefined, { signal: controller.signal }).then(() => {
    throw new Error(`no answer within ${callMsMax} ms: ${what()}, at ${monotonicMs()}`)
  })
  late.catch(() => {})
  try {
    await Promise.race([call, late])
  } finally {
    controller.abort()
  }
}
