/**
 * The history of one run, and what must be known besides: which commits nobody has announced,
 * because their writer died first. Nobody promises anything about those; they are announced
 * by somebody else before the end is judged.
 */
import type { Outcome } from '../../core/outcome.ts'
import type {
  HistoryRecord,
  HowInvalidated,
  InvalidateRecord,
  ReadMode,
  ReadRecord,
} from '../history/index.ts'
import type { VirtualTime } from '../virtual-time.ts'
import type { SimulatedProcess } from './process.ts'
import type { Register, Versioned } from './registers.ts'
import { quarantineMs } from './settings.ts'

/** Two things that happen at once are told apart by this many milliseconds. */
const stampMs = 1e-6

/** The last quarantine of a process may have been placed so long after it died. */
const placingMsMax = 100

interface Answered {
  readonly from: Outcome<unknown>['from']
  readonly why: string
  readonly value: unknown
}

export interface Asked {
  readonly mode: ReadMode
  readonly invokedMs: number
  readonly outcome: Answered
  readonly after?: number
}

export interface Invalidated {
  readonly all: readonly Register[]
  readonly versions: readonly number[]
  readonly how: HowInvalidated
  readonly invokedMs: number
  readonly isResolved: boolean
  readonly barrier?: boolean
  readonly upTo?: number
}

interface Commit {
  readonly key: string
  readonly version: number
  readonly process: SimulatedProcess
  readonly committedMs: number
  readonly protection: Protection
}

/** Whether a writer that dies leaves something behind that protects its readers. */
export type Protection = 'none' | 'quarantine'

export class RunHistory {
  readonly records: HistoryRecord[] = []
  readonly #time: VirtualTime
  readonly #unannounced = new Set<Commit>()
  #stamps = 0

  constructor(time: VirtualTime) {
    this.#time = time
  }

  /** Rises with every call: what comes later has a later one. */
  stamp(): number {
    return this.#time.nowMs + this.#stamps++ * stampMs
  }

  /** To be called by the database at the instant of the commit, whether or not anybody hears. */
  commit(
    process: SimulatedProcess,
    all: readonly Register[],
    protection: Protection = 'none',
  ): (versions: readonly number[]) => void {
    const invokedMs = this.stamp()
    return (versions) => {
      for (const [index, { key }] of all.entries()) {
        const version = versions[index] ?? 0
        const returnedMs = this.stamp()
        const timed = { process: process.name, key, invokedMs, returnedMs }
        this.records.push({ kind: 'write', ...timed, version, note: protection })
        this.#unannounced.add({ key, version, process, committedMs: this.stamp(), protection })
      }
    }
  }

  read(process: SimulatedProcess, key: string, asked: Asked): void {
    const { mode, invokedMs, outcome, after } = asked
    if (outcome.from === 'none') return
    const record: ReadRecord = {
      kind: 'read',
      ...{ process: process.name, key, invokedMs, returnedMs: this.stamp() },
      ...{ version: versionIn(outcome.value), tier: outcome.from, mode, note: outcome.why },
      ...(after !== undefined && { after }),
    }
    this.records.push(record)
  }

  invalidated(process: SimulatedProcess, told: Invalidated): void {
    const { all, versions, how, invokedMs, isResolved, barrier = false, upTo } = told
    const returnedMs = this.stamp()
    for (const [index, { key }] of all.entries()) {
      const record: InvalidateRecord = {
        kind: 'invalidate',
        ...{ process: process.name, key, invokedMs, returnedMs, how },
        ...(isResolved && { resolvedMs: returnedMs }),
        ...(barrier && { barrier }),
        ...(upTo !== undefined && { upTo }),
      }
      this.records.push(record)
      if (isResolved) this.#announced(key, versions[index] ?? 0)
    }
  }

  /** Between the two nobody is promised anything but that it ends. */
  split(fromMs: number, toMs: number, how: 'noticed' | 'unnoticed'): void {
    const times = { invokedMs: fromMs, returnedMs: toMs }
    const isUnnoticed = how === 'unnoticed'
    const record = { kind: 'split', process: '', key: '', ...times } as const
    this.records.push({ ...record, ...(isUnnoticed && { unnoticed: true }) })
  }

  /** Keys whose newest version was committed by somebody who died before it was announced. */
  orphans(): readonly string[] {
    const orphans = this.#ofTheDead().filter(({ protection }) => protection === 'none')
    return [...new Set(orphans.map(({ key }) => key))]
  }

  /** What writers committed that died in quarantine counts from its end. */
  quarantinesEnded(): void {
    for (const { key, committedMs, process, protection } of this.#ofTheDead()) {
      if (protection !== 'quarantine') continue
      const resolvedMs = Math.max(committedMs, process.diedMs + quarantineMs + placingMsMax)
      const timed = { process: process.name, key, invokedMs: committedMs, returnedMs: resolvedMs }
      this.records.push({ kind: 'invalidate', ...timed, how: 'quarantine', resolvedMs })
    }
  }

  #ofTheDead(): readonly Commit[] {
    return [...this.#unannounced].filter(({ process }) => process.clock.hasEnded)
  }

  #announced(key: string, version: number): void {
    for (const commit of this.#unannounced) {
      if (commit.key === key && commit.version <= version) this.#unannounced.delete(commit)
    }
  }
}

export function versionIn(value: unknown): number {
  return isVersioned(value) ? value.version : 0
}

function isVersioned(value: unknown): value is Versioned {
  return typeof value === 'object' && value !== null && 'version' in value
}
