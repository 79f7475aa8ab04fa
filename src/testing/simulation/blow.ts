/** One fault as it strikes: whom, with what chance, and for how long. */
import type { FaultyServer, Guest } from '../faulty-server.ts'
import type { SeededChance } from '../seeded-chance.ts'
import type { PlannedFault } from './fault-plan.ts'
import type { SimulatedProcess } from './process.ts'
import type { World } from './world.ts'

export interface Blow {
  readonly world: World
  readonly fault: PlannedFault
  readonly process: SimulatedProcess
  /** The primary of that moment. */
  readonly server: FaultyServer
  readonly chance: SeededChance
}

/** When a share of its time has passed. */
export function later({ world, fault }: Blow, end: () => void, share = 1): void {
  world.time.at(world.time.nowMs + fault.lastsMs * share, end)
}

/** Connections of a process: of one kind, or all. */
export function isOf(process: SimulatedProcess, withBus?: boolean): (guest: Guest) => boolean {
  return (guest) =>
    guest.process.startsWith(`${process.name}.`) &&
    (withBus === undefined || guest.withBus === withBus)
}
