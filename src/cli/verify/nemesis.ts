/** Does every fault once, in random order, and then any, until it is told to stop. */
import { between, pick, shuffled } from './chance.ts'
import { type Fault, Impossible, type World } from './faults/fault.ts'
import { networkFaults } from './faults/network.ts'
import { ownFaults } from './faults/own.ts'
import { processFaults } from './faults/processes.ts'
import { serverFaults } from './faults/server.ts'
import { slotFaults } from './faults/slots.ts'
import { pause, within } from './pause.ts'

export interface SkippedFault {
  readonly name: string
  readonly reason: string
}

const safeFaults: readonly Fault[] = [...networkFaults, ...processFaults, ...slotFaults]

/** On a server of somebody else only what is ours is touched, unless told otherwise. */
export function faultsFor(isServerOurs: boolean, isOwn: boolean): readonly Fault[] {
  return [...safeFaults, ...(isServerOurs ? serverFaults : []), ...(isOwn ? ownFaults : [])]
}

const restMs = { least: 150, most: 500 }
const faultMsMax = 90_000
/** The server does not let us, which is its right. */
const denied = /NOPERM|unknown (sub)?command/i

export class Nemesis {
  readonly #world: World
  readonly #faults: readonly Fault[]
  readonly #ran = new Map<string, number>()
  readonly #skipped = new Map<string, string>()
  readonly failures: string[] = []
  #isOver = false

  constructor(world: World, faults: readonly Fault[]) {
    this.#world = world
    this.#faults = faults
    for (const fault of faults) {
      const reason = fault.obstacle?.(world)
      if (reason !== undefined) this.#skipped.set(fault.name, reason)
    }
  }

  /** How often each fault was done. */
  get ran(): ReadonlyMap<string, number> {
    return this.#ran
  }

  get skipped(): readonly SkippedFault[] {
    const missing = this.#faults.filter(({ name }) => !this.#ran.has(name))
    const outOfTime = 'the time was over'
    return missing.map(({ name }) => ({ name, reason: this.#skipped.get(name) ?? outOfTime }))
  }

  /** How many of those that can be done have been. */
  get progress(): { readonly done: number; readonly of: number } {
    return { done: this.#ran.size, of: this.#faults.length - this.#skipped.size }
  }

  get hasDoneAll(): boolean {
    return this.progress.done >= this.progress.of
  }

  /** Resolves, with everything healed, soon after `stop`. */
  async run(): Promise<void> {
    const queue = shuffled(this.#faults.filter(({ name }) => !this.#skipped.has(name)))
    while (!this.#isOver && this.#possible().length > 0) {
      const next = queue.shift() ?? pick(this.#possible())
      await this.#do(next)
      await pause(between(restMs.least, restMs.most))
    }
  }

  stop(): void {
    this.#isOver = true
  }

  #possible(): readonly Fault[] {
    return this.#faults.filter(({ name }) => !this.#skipped.has(name))
  }

  async #do({ name, run }: Fault): Promise<void> {
    try {
      await within(run(this.#world), faultMsMax, name)
      this.#ran.set(name, (this.#ran.get(name) ?? 0) + 1)
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error)
      this.#skipped.set(name, text)
      // One that fails is not tried again: what it left behind is unknown.
      const isImpossible = error instanceof Impossible || denied.test(text)
      if (!isImpossible) this.failures.push(`${name}: ${text}`)
    } finally {
      this.#world.fleet.heal()
    }
  }
}
