/**
 * Runs a plan: many processes with the real cache code on a virtual clock and faulty links,
 * then judges what their clients saw. The same plan gives the same run, to the last step.
 */
import { hash48 } from '../../base/hash.ts'
import { parseSlot } from '../../core/slot.ts'
import { checkHistory, type HistoryRecord, storyOf } from '../history/index.ts'
import { perform } from './client.ts'
import { heal, strike } from './faults.ts'
import type { Plan } from './plan.ts'
import type { SimulatedProcess } from './process.ts'
import { type Register, registers } from './registers.ts'
import { versionIn } from './run-history.ts'
import { boundMs, loadTimeoutMs, quarantineMs, trustMs } from './settings.ts'
import type { Tally } from './tally.ts'
import { World } from './world.ts'

export interface RunReport {
  /** Operations of clients that began. */
  readonly operations: number
  readonly tally: Tally
  /** Hits that the processes which were there in the end had compared with the server. */
  readonly shadowReads: number
  /** What was wrong, for people; empty: nothing. */
  readonly violations: readonly string[]
  /** What happened to the key of the first violation. */
  readonly story: readonly string[]
  /** Two runs that are the same have the same. */
  readonly digest: string
}

/** After the last fault: what is under way ends, connections return, quarantines expire. */
const quietMs = 5_000 + loadTimeoutMs + quarantineMs
const lastFaultMs = 4_000
const lastReadsMsMax = 2 * loadTimeoutMs
const lookMs = 50
const violationsShown = 5

export async function runPlan(plan: Plan): Promise<RunReport> {
  const run = new Run(plan)
  await run.play()
  const report = run.report()
  await run.dismiss()
  return report
}

class Run {
  readonly #plan: Plan
  readonly #world: World
  #begun = 0
  /** Begun and not ended, by whom. */
  readonly #open = new Map<number, SimulatedProcess>()

  constructor(plan: Plan) {
    this.#plan = plan
    this.#world = new World(plan)
  }

  async play(): Promise<void> {
    const { time } = this.#world
    for (const operation of this.#plan.operations) {
      time.at(operation.atMs, () => this.#begin(operation))
    }
    for (const fault of this.#plan.faults) time.at(fault.atMs, () => strike(this.#world, fault))
    await time.advance(this.#plan.untilMs + lastFaultMs)
    heal(this.#world)
    await time.advance(quietMs)
    this.#expectNothingUnderWay()
    this.#world.history.quarantinesEnded()
    await this.#announceOrphans()
    for (const process of this.#world.processes) await this.#judgeTiers(process)
    await this.#closeAll()
  }

  report(): RunReport {
    const { records } = this.#world.history
    const verdict = checkHistory(records, { boundMs })
    const [first] = verdict.violations
    const shown = verdict.violations
      .slice(0, violationsShown)
      .map(
        ({ rule, process, key, tier, version, expected, invokedMs }) =>
          `${rule}: ${process} got ${key} = ${version} from ${tier}, expected ${expected}, ` +
          `at ${invokedMs.toFixed(3)} ms`,
      )
    const more = verdict.violationCount - shown.length
    return {
      operations: this.#begun,
      tally: this.#world.tally,
      shadowReads: this.#shadowReads(),
      violations: [...this.#world.faults, ...shown, ...(more > 0 ? [`and ${more} more`] : [])],
      story: first === undefined ? [] : storyOf(records, first),
      digest: digestOf(records),
    }
  }

  #shadowReads(): number {
    const caches = this.#world.processes.flatMap(({ cache }) => cache ?? [])
    return caches.reduce((sum, cache) => sum + cache.stats().coherence.shadowReads, 0)
  }

  /** Leaves nothing behind that could slow the next run. */
  async dismiss(): Promise<void> {
    this.#world.database.dismiss()
    await this.#world.time.advance(0)
  }

  #begin(operation: Plan['operations'][number]): void {
    const process = this.#world.processAt(operation.process)
    process.clock.receive(() => {
      if (process.cache === undefined) return
      this.#begun++
      this.#open.set(operation.index, process)
      perform(this.#world, process, operation)
        .catch((error) => this.#world.faults.push(`${operation.deed} rejected: ${String(error)}`))
        .finally(() => this.#open.delete(operation.index))
    })
  }

  #expectNothingUnderWay(): void {
    for (const [index, process] of this.#open) {
      if (process.cache === undefined) continue
      const deed = this.#plan.operations.find((each) => each.index === index)?.deed
      this.#world.faults.push(`operation ${index} (${deed}) of ${process.name} has never ended`)
    }
    for (const { name, cache } of this.#world.processes) {
      const pending = cache?.pending().length ?? 0
      if (cache === undefined) this.#world.faults.push(`${name} was never opened`)
      else if (cache.stats().flights > 0) this.#world.faults.push(`${name} has flights left`)
      else if (pending > 0) this.#world.faults.push(`${name} has ${pending} invalidations left`)
    }
  }

  /** Writers that died before they had said so: somebody else does. */
  async #announceOrphans(): Promise<void> {
    const { history, processes, time } = this.#world
    const orphans = new Set(history.orphans())
    const cache = processes[0]?.cache
    const wanted = registers.filter(({ key }) => orphans.has(key))
    if (cache === undefined || wanted.length === 0) return
    const keys = wanted.map(({ family, id }) => cache.family(family).key(id))
    cache
      .invalidate(keys)
      .catch((error) => this.#world.faults.push(`not announced: ${String(error)}`))
    await time.advance(3 * trustMs)
  }

  async #judgeTiers(process: SimulatedProcess): Promise<void> {
    const { cache } = process
    if (cache === undefined) return
    const reads: Promise<void>[] = []
    for (const register of registers) {
      const view = cache.family(register.family)
      const held = view.peek(register.id)
      if (held !== undefined) this.#final(process, register, 'memory', held)
      reads.push(
        view.lookup(register.id, { consistency: 'strict' }).then((outcome) => {
          if (outcome.from === 'none') return
          const isLoaded = outcome.from === 'source'
          this.#final(process, register, isLoaded ? 'source' : 'redis', outcome.value)
          if (!isLoaded) this.#finalPayload(register)
        }),
      )
    }
    await this.#answered(reads)
  }

  /** Time goes on only for as long as they take: beats of idle caches would be all it shows. */
  async #answered(reads: readonly Promise<void>[]): Promise<void> {
    const { time } = this.#world
    let isOver = false
    const over = Promise.all(reads).finally(() => {
      isOver = true
    })
    for (let ms = 0; ms < lastReadsMsMax && !isOver; ms += lookMs) await time.advance(lookMs)
    await over
  }

  #final(
    process: SimulatedProcess | undefined,
    { key }: Register,
    tier: 'memory' | 'redis' | 'source' | 'payload',
    value: unknown,
  ): void {
    const { history, database } = this.#world
    const stamp = history.stamp()
    const name = process?.name ?? ''
    const version = versionIn(value)
    const times = { invokedMs: stamp, returnedMs: stamp }
    history.records.push({ kind: 'final', process: name, key, tier, version, ...times })
    const truth = database.versionOf(key)
    if (version !== truth) {
      this.#world.faults.push(
        `${tier} of ${name} holds ${key} = ${version} in the end, not ${truth}`,
      )
    }
  }

  #finalPayload(register: Register): void {
    const slot = parseSlot(this.#world.primary.embedded.text(register.key) ?? '')
    if (slot?.kind !== 'value') return
    const value: unknown = slot.meta.absent ? undefined : JSON.parse(slot.payload)
    this.#final(undefined, register, 'payload', value)
  }

  async #closeAll(): Promise<void> {
    const { processes, time } = this.#world
    const closed = processes.map(({ cache }) => cache?.close())
    await time.advance(10_000)
    await Promise.all(closed)
    if (time.waiting > 0) this.#world.faults.push(`${time.waiting} timers are left after closing`)
  }
}

function digestOf(records: readonly HistoryRecord[]): string {
  let digest = ''
  for (const { kind, process, key, returnedMs } of records) {
    digest = hash48(`${digest}${kind}${process}${key}${returnedMs}`)
  }
  return digest
}
