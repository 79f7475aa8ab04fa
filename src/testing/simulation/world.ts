/**
 * Everything that a run consists of: processes, servers, the database and the history, in one
 * virtual time.
 */
import { EmbeddedServer } from '../../embedded/index.ts'
import { FaultyServer } from '../faulty-server.ts'
import { SeededChance } from '../seeded-chance.ts'
import { VirtualClock } from '../virtual-clock.ts'
import { VirtualTime } from '../virtual-time.ts'
import { Board } from './board.ts'
import { Database } from './database.ts'
import type { Plan } from './plan.ts'
import { SimulatedProcess, type WriteStep } from './process.ts'
import { RunHistory } from './run-history.ts'
import { emptyTally, type Tallied } from './tally.ts'

export class World {
  readonly time: VirtualTime = new VirtualTime()
  readonly database: Database = new Database(this.time)
  readonly history: RunHistory = new RunHistory(this.time)
  readonly board: Board = new Board()
  readonly tally: Record<Tallied, number> = emptyTally()
  readonly chance: SeededChance
  /** What must not happen, whatever the clients saw. */
  readonly faults: string[] = []
  /** A server is being replaced: one at a time, as a quorum would have it. */
  isChanging = false
  /** By place; the present one of each. */
  readonly processes: SimulatedProcess[] = []
  readonly #plan: Plan
  readonly #servers: FaultyServer[] = []
  /** Where the connections of a place lead, until it has heard of the present primary. */
  readonly #led = new Map<number, FaultyServer>()
  #started = 0

  constructor(plan: Plan) {
    this.#plan = plan
    this.chance = new SeededChance(plan.seed + 1)
    this.promote()
    for (let place = 0; place < plan.processes; place++) this.start(place)
  }

  get primary(): FaultyServer {
    const primary = this.#servers.at(-1)
    if (primary === undefined) throw new RangeError('there is no server')
    return primary
  }

  get servers(): readonly FaultyServer[] {
    return this.#servers
  }

  processAt(place: number): SimulatedProcess {
    const process = this.processes[place]
    if (process === undefined) throw new RangeError(`there is no process ${place}`)
    return process
  }

  /** A server with these data is the primary from now on; new connections lead to it. */
  promote(data?: EmbeddedServer): FaultyServer {
    const clock = new VirtualClock({
      time: this.time,
      wallMs: Date.UTC(2026, 0, 1) + this.chance.between(-1_000, 1_000),
    })
    const embedded = this.newEmbedded(clock, data)
    const server = new FaultyServer(`server ${this.#servers.length + 1}`, embedded, clock)
    this.#servers.push(server)
    return server
  }

  newEmbedded(clock: VirtualClock, data?: EmbeddedServer): EmbeddedServer {
    const chance = this.chance.branch()
    const { partitions } = this.#plan
    return new EmbeddedServer({ clock, chance, partitions, ...(data && { copyOf: data }) })
  }

  /** Connections of this place lead to that server, whoever is primary. */
  lead(place: number, server: FaultyServer | undefined): void {
    if (server === undefined) this.#led.delete(place)
    else this.#led.set(place, server)
  }

  /** True: nothing that happens to the servers takes quarantines away. */
  get keepsQuarantines(): boolean {
    return this.#plan.kind === 'crash'
  }

  /** Kills a process that is to die at this step of a write. */
  dieAt(process: SimulatedProcess, step: WriteStep): void {
    if (process.diesAt !== step) return
    process.kill()
    this.replace(process, restartMs)
  }

  /** Another process takes the place of one that is over, after a while. */
  replace(process: SimulatedProcess, afterMs: number): void {
    this.time.at(this.time.nowMs + afterMs, () => {
      const place = this.processes.indexOf(process)
      if (place >= 0) this.start(place)
    })
  }

  /** A new process at a place. */
  start(place: number): void {
    this.#started++
    const process = new SimulatedProcess({
      name: `p${place}.${this.#started}`,
      time: this.time,
      chance: this.chance.branch(),
      partitions: this.#plan.partitions,
      database: this.database,
      tally: this.tally,
      hasReplicas: hasReplicas.has(this.#plan.kind),
      shadowReads: this.#plan.shadowReads,
      onStaleRead: (event) => this.faults.push(`stale by a shadow read: ${JSON.stringify(event)}`),
      serverOf: () => this.#led.get(place) ?? this.primary,
    })
    this.processes[place] = process
    process.open().catch((error) => this.faults.push(`${process.name}: ${String(error)}`))
  }
}

/** Until a process that died in a write is followed by another. */
const restartMs = 300

const hasReplicas: ReadonlySet<string> = new Set(['failover', 'split', 'demotion', 'everything'])
