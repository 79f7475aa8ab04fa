/**
 * A client of the history test: does one random thing after another with a cache and writes
 * down what it did, when, and what it saw. Registers are read in every way there is; a write
 * is one in the database and then an invalidation, or an ordered set.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { isStaleproofError } from 'staleproof'
import { type CacheCalls, receiptOfPending } from './cache-calls.ts'
import type { DatabaseClient } from './database-client.ts'
import type { HistoryOperation, ReadOperation } from './history-checker.ts'
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

const restMsMax = 6
const writeShare = 0.12

export class HistoryClient {
  readonly history: HistoryOperation[] = []
  /** What should not have failed. */
  readonly failures: string[] = []
  readonly #parts: ClientParts

  constructor(parts: ClientParts) {
    this.#parts = parts
  }

  async run(untilMs: number): Promise<void> {
    const { random } = this.#parts
    while (monotonicMs() < untilMs) {
      const family = random.pick(historyFamilies)
      try {
        await (random.unit() < writeShare ? this.#write(family) : this.#read(family))
      } catch (error) {
        this.failures.push(error instanceof Error ? (error.stack ?? error.message) : String(error))
      }
      await pause(random.below(restMsMax))
    }
  }

  async #read(family: HistoryFamily): Promise<void> {
    const { random, calls } = this.#parts
    const id = random.pick(historyIds)
    switch (random.pick(['plain', 'plain', 'plain', 'plain', 'strict', 'fresh', 'after', 'many'])) {
      case 'strict':
        return this.#saw(family, id, await calls.read(family, id, { consistency: 'strict' }))
      case 'fresh':
        return this.#saw(family, id, await calls.read(family, id, { consistency: 'fresh' }))
      case 'after':
        return this.#readAfter(family, id)
      case 'many': {
        const consistency = random.pick(['bounded', 'strict'] as const)
        const readings = await calls.readMany(family, historyIds, { consistency })
        for (const [index, each] of historyIds.entries()) this.#saw(family, each, readings[index])
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
    this.#saw(family, id, reading, receipt.version)
  }

  #saw(family: HistoryFamily, id: number, reading: Reading | undefined, after?: number): void {
    if (reading?.version === undefined) throw new Error('a read had no version')
    const { invokedMs, returnedMs, version, from, why } = reading
    const operation: ReadOperation = {
      kind: 'read',
      process: this.#parts.process,
      key: `${family}:${id}`,
      invokedMs,
      returnedMs,
      version,
      isFromMemory: from === 'memory' || from === 'joined',
      afterVersion: after,
      note: `${from} ${why}`,
    }
    this.history.push(operation)
  }

  async #write(family: HistoryFamily): Promise<void> {
    const { random, database } = this.#parts
    const id = random.pick(historyIds)
    const invokedMs = monotonicMs()
    const [version] = await database.bump(family, [id])
    if (version === undefined) throw new Error('a write had no version')
    const isSet = family === 'ordered' && random.unit() < 0.5
    const isTold = await (isSet ? this.#set(id, version) : this.#invalidate(family, id, version))
    const returnedMs = monotonicMs()
    this.history.push({
      kind: 'write',
      process: this.#parts.process,
      key: `${family}:${id}`,
      invokedMs,
      returnedMs,
      version,
      resolvedMs: isTold ? returnedMs : undefined,
    })
  }

  async #set(id: number, version: number): Promise<boolean> {
    try {
      await this.#parts.calls.set('ordered', id, version)
      return true
    } catch (error) {
      if (isStaleproofError(error, 'SP_INVALIDATION_PENDING')) return false
      throw error
    }
  }

  async #invalidate(family: HistoryFamily, id: number, version: number): Promise<boolean> {
    const { invalidate, database } = this.#parts
    try {
      await database.publish(family, id, { version, token: await invalidate(family, id) })
      return true
    } catch (error) {
      const { token } = receiptOfPending(error)
      await database.publish(family, id, { version, token })
      return false
    }
  }
}
