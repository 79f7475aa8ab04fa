/**
 * The database of the workload, in the memory of the command: registers of which the versions
 * only rise. It answers late by chance, and knows which writers died before they could say
 * what they had written.
 */
import { hostMs } from '../../system.ts'
import type { HistoryRecord } from '../../testing/index.ts'
import { between, happens } from './chance.ts'
import { pause } from './pause.ts'
import { leaseMs, quarantineMs } from './settings.ts'
import type { Change, DatabaseCalls, PublishedReceipt } from './worker-calls.ts'

/** Committed, and perhaps not every cache was told. */
interface Untold extends Change {
  readonly process: string
  readonly key: string
  readonly committedMs: number
  /** When its writer died. */
  diedMs?: number
}

/** A time in which quarantines may have been lost. */
interface Loss {
  readonly fromMs: number
  readonly toMs: number
}

const lagMsMax = 12
/** Now and then a load outlives its lease. */
const slowProbability = 0.001
const slowMs: number = leaseMs * 1.5

export class RegisterDatabase {
  /** Every load takes longer than its lease. */
  isSlow = false
  readonly #write: (record: HistoryRecord) => void
  readonly #versions = new Map<string, number>()
  readonly #receipts = new Map<string, PublishedReceipt>()
  readonly #untold = new Map<string, Untold>()
  readonly #losses: Loss[] = []
  #onMutation: ((process: string) => void) | undefined

  constructor(write: (record: HistoryRecord) => void) {
    this.#write = write
  }

  /** What workers may ask. */
  served(): Omit<DatabaseCalls, 'pulse'> {
    return {
      load: async ({ keys }) => {
        const versions = keys.map((key) => this.version(key))
        await pause(this.#lagMs())
        return { versions }
      },
      commit: (asked) => this.#commit(asked),
      told: ({ process, id }) => {
        this.#untold.delete(`${process} ${id}`)
      },
      publish: ({ key, receipt }) => {
        this.#receipts.set(key, receipt)
      },
      receipt: ({ key }) => this.#receipts.get(key) ?? null,
    }
  }

  version(key: string): number {
    return this.#versions.get(key) ?? 0
  }

  /** Resolves to a process that has just committed inside `mutate` and was not answered yet. */
  nextMutation(): Promise<string> {
    return new Promise((resolve) => {
      this.#onMutation = resolve
    })
  }

  writerDied(process: string): void {
    for (const change of this.#untold.values()) {
      if (change.process === process) change.diedMs ??= hostMs()
    }
  }

  /** What dead writers may have told nobody: nothing is promised of it, and nothing final. */
  get uncertainKeys(): ReadonlySet<string> {
    const untold = [...this.#untold.values()].filter(({ diedMs }) => diedMs !== undefined)
    return new Set(untold.map(({ key }) => key))
  }

  slotsLost(loss: Loss): void {
    this.#losses.push(loss)
  }

  /**
   * What dead writers had committed under a quarantine is covered from its deadline on, unless
   * the quarantine may have been lost as well: two faults at once are beyond the promise.
   */
  writeQuarantines(): void {
    for (const { diedMs, startedMs, committedMs, how, process, key } of this.#untold.values()) {
      if (diedMs === undefined || how !== 'quarantined') continue
      if (committedMs - startedMs > quarantineMs / 2) continue
      const resolvedMs = diedMs + quarantineMs
      if (this.#losses.some(({ fromMs, toMs }) => fromMs < resolvedMs && startedMs < toMs)) continue
      const times = { invokedMs: committedMs, returnedMs: resolvedMs, resolvedMs }
      this.#write({ kind: 'invalidate', process, key, how: 'quarantine', ...times })
    }
  }

  async #commit({ process, key, change }: Parameters<DatabaseCalls['commit']>[0]) {
    await pause(between(0, lagMsMax))
    const committedMs = hostMs()
    const version = this.#bump(process, key, committedMs)
    this.#untold.set(`${process} ${change.id}`, { ...change, process, key, committedMs })
    if (change.how !== 'bare') {
      this.#onMutation?.(process)
      this.#onMutation = undefined
    }
    await pause(between(0, lagMsMax))
    return { version }
  }

  #bump(process: string, key: string, committedMs: number): number {
    const version = this.version(key) + 1
    this.#versions.set(key, version)
    const times = { invokedMs: committedMs, returnedMs: committedMs }
    this.#write({ kind: 'write', process, key, version, ...times })
    return version
  }

  #lagMs(): number {
    return this.isSlow || happens(slowProbability) ? slowMs : between(0, lagMsMax)
  }
}
