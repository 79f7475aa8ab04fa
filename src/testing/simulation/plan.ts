/**
 * What will be done in one run, decided by a seed before anything happens: so that a part can
 * be left out while the rest stays as it was, and a failing run can be shrunk.
 */
import type { SeededChance } from '../seeded-chance.ts'
import { SeededChance as Chance } from '../seeded-chance.ts'
import { type FaultKind, faultsOf, type PlannedFault } from './fault-plan.ts'
import { keysOf, registerAt, registers } from './registers.ts'

/** What a client does; see `client.ts`. */
export const deeds = [
  'read',
  'strict',
  'fresh',
  'after',
  'many',
  'peek',
  'refresh',
  'write',
  'writeMany',
  'barrier',
  'mutate',
  'mutateMany',
  'set',
  'lowest',
  'tag',
  'family',
  'everything',
  'pattern',
] as const
export type Deed = (typeof deeds)[number]

export interface PlannedOperation {
  readonly index: number
  readonly atMs: number
  /** Whose: a place, which another process takes when the first has died. */
  readonly process: number
  readonly deed: Deed
  /** The first is the one it is about; others are for deeds that take several. */
  readonly registers: readonly number[]
  readonly seed: number
}

export interface Plan {
  readonly seed: number
  readonly kind: FaultKind
  readonly processes: number
  readonly partitions: number
  /** When the last operation begins. */
  readonly untilMs: number
  readonly operations: readonly PlannedOperation[]
  readonly faults: readonly PlannedFault[]
  /** Share of hits that caches compare with Redis: a stale read that they find is a violation. */
  readonly shadowReads?: number
}

export interface PlanOptions {
  readonly kind: FaultKind
  readonly seed: number
  /** Default: 2 to 8, as the seed decides. */
  readonly processes?: number | undefined
  /** Default 600. */
  readonly operations?: number | undefined
}

const operationsDefault = 600
const beginMs = 1_000
/** Some systems have run for so long that everybody knows the barrier registry. */
const settledMs = 62_000
const settledShare = 0.15
/** Operations come in bursts about one register: races need company. */
const burstMin = 4
const burstMax = 40
const burstSpreadsMs = [30, 100, 400, 1_500]
/** Milliseconds of a run for each operation. */
const paceMs = 18

/** How often each deed is chosen; reads are most of a cache's work. */
const weights: Readonly<Record<Deed, number>> = {
  read: 66,
  strict: 5,
  fresh: 2,
  after: 6,
  many: 5,
  peek: 4,
  refresh: 2,
  write: 9,
  writeMany: 2,
  barrier: 2,
  mutate: 4,
  mutateMany: 1,
  set: 3,
  lowest: 1.5,
  tag: 2.5,
  family: 0.7,
  everything: 0.3,
  pattern: 1,
}

export function planOf(options: PlanOptions): Plan {
  const { kind, seed } = options
  const chance = new Chance(seed)
  const processes = options.processes ?? 2 + chance.below(7)
  const count = options.operations ?? operationsDefault
  const fromMs = chance.happens(settledShare) ? settledMs : beginMs
  const untilMs = fromMs + count * paceMs
  const operations: PlannedOperation[] = []
  while (operations.length < count) {
    burst(chance, { processes, fromMs, untilMs, room: count - operations.length, operations })
  }
  operations.sort((one, other) => one.atMs - other.atMs)
  const faults = faultsOf(kind, chance.branch(), { processes, beginMs: fromMs, untilMs })
  const partitions = chance.happens(0.3) ? 2 : 1
  return { seed, kind, processes, partitions, untilMs, operations, faults }
}

interface Burst {
  readonly fromMs: number
  readonly processes: number
  readonly untilMs: number
  readonly room: number
  readonly operations: PlannedOperation[]
}

function burst(
  chance: SeededChance,
  { processes, fromMs, untilMs, room, operations }: Burst,
): void {
  const size = Math.min(room, burstMin + chance.below(burstMax - burstMin))
  const atMs = chance.between(fromMs, untilMs)
  const register = chance.below(registers.length)
  const spreadMs = chance.pick(burstSpreadsMs)
  for (let made = 0; made < size; made++) {
    const others = keysOf(register).filter(() => chance.happens(0.3))
    operations.push({
      index: operations.length,
      atMs: atMs + chance.between(0, spreadMs),
      process: chance.below(processes),
      deed: deedOf(chance, register),
      registers: [register, ...others.filter((other) => other !== register)],
      seed: chance.below(2 ** 31),
    })
  }
}

/** Only an order gives these a meaning. */
const deedsOfQuotes: readonly Deed[] = ['set', 'set', 'refresh', 'lowest']

const weightOfAll = Object.values(weights).reduce((sum, weight) => sum + weight, 0)

function deedOf(chance: SeededChance, register: number): Deed {
  if (registerAt(register).family === 'quote' && chance.happens(0.2)) {
    return chance.pick(deedsOfQuotes)
  }
  let left = chance.unit() * weightOfAll
  for (const deed of deeds) {
    left -= weights[deed]
    if (left < 0) return deed
  }
  return 'read'
}
