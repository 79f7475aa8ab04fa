/** What handlers share: the cache, what is known of all processes, and ways to change things. */
import type { Clock } from '../core/contracts/clock.ts'
import type { Logger } from '../core/options.ts'
import { type Fleet, type Published, totalsByProcess } from '../observe/index.ts'
import type { OverviewAnswer } from './answers.ts'
import type { AuditTrail } from './audit-trail.ts'
import type { Change } from './changes.ts'
import type { DoctorDesk } from './doctor-desk.ts'
import { HeldHistory } from './held-history.ts'
import type { KeyBook } from './key-book.ts'
import type { KeyIndex } from './key-index.ts'
import { overviewOf } from './overview.ts'
import type { Plans } from './plans.ts'
import type { OpsCache, OpsReporter } from './platform.ts'
import { RateWindow } from './rates.ts'
import type { ServerLook } from './server-figures.ts'

export interface DeskParts {
  readonly cache: OpsCache
  readonly reporter: OpsReporter
  /** Live processes of other namespaces; never rejects. */
  readonly neighbours: () => Promise<readonly Published[]>
  readonly clock: Clock
  readonly keys: KeyBook
  readonly index: KeyIndex
  readonly plans: Plans<Change>
  readonly audit: AuditTrail
  readonly doctor: DoctorDesk
  /** Undefined: there is no server, or it does not answer. */
  readonly look: () => Promise<ServerLook | undefined>
  readonly warm: ((task: string) => Promise<unknown> | undefined) | undefined
  readonly log: Logger | undefined
  readonly environment: string
  readonly isReadOnly: boolean
}

/** Facts are read anew this often at most, however many ask. */
const readEveryMs = 1_000

export class Desk {
  readonly parts: DeskParts
  readonly history: HeldHistory
  readonly #rates = new RateWindow()
  #reading: Promise<readonly Published[]> | undefined
  #readMs = Number.NEGATIVE_INFINITY

  constructor(parts: DeskParts) {
    this.parts = parts
    const { clock, reporter } = parts
    this.history = new HeldHistory(clock, (sinceMs) => reporter.history(sinceMs))
  }

  /** Live processes; this one's facts are never older than a second. */
  async fleet(): Promise<Fleet> {
    return (await this.published()).map(({ facts }) => facts)
  }

  /** The same with the age of what each tells. */
  published(): Promise<readonly Published[]> {
    const nowMs = this.parts.clock.now()
    if (this.#reading === undefined || nowMs - this.#readMs >= readEveryMs) {
      this.#readMs = nowMs
      this.#reading = this.#read(nowMs)
    }
    return this.#reading
  }

  async overview(): Promise<OverviewAnswer> {
    const fleet = await this.fleet()
    const { look, doctor } = this.parts
    const { report } = await doctor.state()
    const facts = { fleet, rates: this.#rates, look: await look(), report }
    return this.stamped(overviewOf(facts))
  }

  /** The envelope of every answer. */
  stamped<T extends object>(answer: T): T & { readonly schemaVersion: 1; readonly atMs: number } {
    return { schemaVersion: 1, atMs: this.parts.clock.wallMs(), ...answer }
  }

  async #read(nowMs: number): Promise<readonly Published[]> {
    const { processes } = await this.parts.reporter.facts()
    this.#rates.note(nowMs, totalsByProcess(processes.map(({ facts }) => facts)))
    return processes
  }
}
