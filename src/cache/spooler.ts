/**
 * Keeps the journal on disk too, if there is a place for it: what is added is appended,
 * and the file is written anew when most of it has been delivered. What a crash leaves
 * there although it was delivered is delivered again, which costs a miss.
 *
 * One write at a time; what comes meanwhile goes with the next. A write that fails is
 * reported and never fails a call; the next one writes everything.
 */
import type { Journal, JournalRecord } from '../coherence/index.ts'
import type { Spool } from '../core/contracts/spool.ts'
import { isStaleproofError } from '../core/errors.ts'
import type { DeliveryCounters } from './counters.ts'
import { internalFault, journalDamaged } from './faults.ts'
import { formatSpoolLine, parseSpoolLine } from './spool-line.ts'
import type { Tasks } from './tasks.ts'
import type { Watchers } from './watchers.ts'

/** Lines that the file may have too many before it is written anew. */
const spareLinesMax = 1_000
/** Lines of the whole file; where more are pending, everything is invalidated instead. */
export const spoolLinesMax = 50_000
/** Records that wait while one write is under way. */
const waitingMax = 10_000

export interface SpoolerParts {
  readonly spool: Spool | undefined
  readonly journal: Journal
  readonly partitions: number
  readonly partitionOf: (key: string) => number
  readonly wallMs: () => number
  readonly delivery: DeliveryCounters
  readonly watchers: Watchers
  readonly tasks: Tasks
}

export class Spooler {
  readonly #parts: SpoolerParts
  #waiting: JournalRecord[] = []
  /** The write after the present one. */
  #next: Promise<void> | undefined
  #running: Promise<void> = Promise.resolve()
  #lines = 0
  #mustRewrite = false

  constructor(parts: SpoolerParts) {
    this.#parts = parts
  }

  /** Rejects if the place can't be written. What others have left is pending afterwards. */
  async open(): Promise<void> {
    const { spool } = this.#parts
    if (spool === undefined) return
    await spool.open()
    for await (const lines of spool.adopt()) {
      for (const line of lines) this.#adopt(parseSpoolLine(line))
      this.#mustRewrite = true
    }
    if (this.#mustRewrite) await this.#enqueue()
  }

  /** On disk when it resolves, or reported. */
  append(records: readonly JournalRecord[]): Promise<void> {
    if (this.#parts.spool === undefined) return Promise.resolve()
    if (this.#waiting.length + records.length <= waitingMax) this.#waiting.push(...records)
    // The journal has them all, and is written whole.
    else this.#mustRewrite = true
    return this.#enqueue()
  }

  /** Some of the journal has been delivered. */
  trim(): void {
    const { spool, journal, tasks } = this.#parts
    if (spool === undefined || this.#lines + this.#waiting.length === 0) return
    const isLong = this.#lines > journal.size * 2 + spareLinesMax
    if (!journal.isEmpty && !isLong) return
    this.#mustRewrite = true
    tasks.run(this.#enqueue())
  }

  async close(): Promise<void> {
    const { spool } = this.#parts
    if (spool === undefined) return
    await (this.#next ?? this.#running)
    await this.#guard(() => spool.close())
  }

  /** A damaged line may have named anything. */
  #adopt(record: JournalRecord | undefined): void {
    const { journal, partitions, watchers, wallMs } = this.#parts
    if (record === undefined) {
      watchers.tell({ kind: 'fault', error: journalDamaged() })
      const floor = { wish: { kind: 'floor' }, via: 'retry', sinceMs: wallMs() } as const
      for (let partition = 0; partition < partitions; partition++) {
        journal.add(partition, { ...floor, reason: 'journal damaged' })
      }
    } else if ('pattern' in record) journal.addPattern(record)
    else for (const partition of this.#partitionsOf(record)) journal.add(partition, record)
  }

  /** Where it belongs now: groups are of all partitions, their number may have changed. */
  #partitionsOf({ wish }: Exclude<JournalRecord, { pattern: string }>): readonly number[] {
    const { partitions, partitionOf } = this.#parts
    if (wish.kind === 'key') return [partitionOf(wish.ask.key)]
    return Array.from({ length: partitions }, (_, partition) => partition)
  }

  #enqueue(): Promise<void> {
    this.#next ??= this.#running.then(() => {
      this.#next = undefined
      this.#running = this.#guard(() => this.#write())
      return this.#running
    })
    return this.#next
  }

  async #write(): Promise<void> {
    const { spool, delivery } = this.#parts
    if (spool === undefined) return
    const added = this.#waiting
    this.#waiting = []
    const mustRewrite = this.#mustRewrite || this.#lines + added.length > spoolLinesMax
    // Whoever asks for it meanwhile asks for the next write; and so does a failure.
    this.#mustRewrite = false
    if (mustRewrite) {
      const lines = this.#snapshot()
      await spool.rewrite(lines)
      this.#lines = lines.length
    } else if (added.length > 0) {
      this.#lines += added.length
      await spool.append(added.map(formatSpoolLine))
    }
    delivery.spooled = this.#lines
  }

  /** Everything pending; what only waits to be said again is of no use to a successor. */
  #snapshot(): readonly string[] {
    const lines: string[] = []
    for (const record of this.#parts.journal.records()) {
      if ('pattern' in record || record.via === 'retry') lines.push(formatSpoolLine(record))
      if (lines.length > spoolLinesMax / 2) return [this.#everything()]
    }
    return lines
  }

  #everything(): string {
    const sinceMs = this.#parts.wallMs()
    const reason = 'overflow'
    return formatSpoolLine({ wish: { kind: 'floor' }, partition: 0, reason, sinceMs, via: 'retry' })
  }

  async #guard(step: () => Promise<void>): Promise<void> {
    try {
      await step()
    } catch (error) {
      this.#mustRewrite = true
      const fault = isStaleproofError(error) ? error : internalFault(error)
      this.#parts.watchers.tell({ kind: 'fault', error: fault })
    }
  }
}
