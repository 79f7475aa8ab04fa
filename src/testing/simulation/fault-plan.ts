/** Which faults happen when, for each kind of run. What they do is in `faults.ts`. */
import type { SeededChance } from '../seeded-chance.ts'

/** Each name is one thing that the world does to processes, network or servers. */
export type FaultName =
  | 'loseMessages'
  | 'doubleMessages'
  | 'slowNetwork'
  | 'slowBus'
  | 'closeBus'
  | 'closeCommands'
  | 'forgetBus'
  | 'forgetCommands'
  | 'cutBus'
  | 'cutCommands'
  | 'cutBoth'
  | 'pause'
  | 'pauseAndCutOff'
  | 'pauseAndCutBus'
  | 'kill'
  | 'killWriter'
  | 'leave'
  | 'evictSlot'
  | 'evictRecord'
  | 'evictRegistry'
  | 'flush'
  | 'restart'
  | 'restartEmpty'
  | 'restartOld'
  | 'failover'
  | 'split'
  | 'strand'
  | 'demote'
  | 'takeOver'
  | 'stepWall'
  | 'stepServerWall'
  | 'noMemory'

export interface PlannedFault {
  readonly index: number
  readonly atMs: number
  readonly what: FaultName
  readonly process: number
  readonly lastsMs: number
  readonly seed: number
}

export type FaultKind =
  | 'none'
  | 'messages'
  | 'connections'
  | 'partition'
  | 'pause'
  | 'crash'
  | 'eviction'
  | 'restart'
  | 'failover'
  | 'split'
  | 'demotion'
  | 'clocks'
  | 'memory'
  | 'everything'

/** What happens in runs of a kind; what is named twice happens twice as often. */
const kinds: Readonly<Record<FaultKind, readonly FaultName[]>> = {
  none: [],
  messages: ['loseMessages', 'doubleMessages', 'slowNetwork', 'slowBus', 'slowBus'],
  connections: ['closeBus', 'closeCommands', 'forgetBus', 'forgetCommands'],
  partition: ['cutBus', 'cutCommands', 'cutBoth'],
  pause: ['pause', 'pauseAndCutOff', 'pauseAndCutBus'],
  crash: ['kill', 'killWriter', 'killWriter', 'leave'],
  eviction: ['evictSlot', 'evictRecord', 'evictRegistry', 'evictRegistry', 'flush'],
  restart: ['restart', 'restartEmpty', 'restartOld'],
  failover: ['failover'],
  split: ['split', 'split', 'strand'],
  demotion: ['demote', 'takeOver'],
  clocks: ['stepWall', 'stepServerWall', 'pause'],
  memory: ['noMemory', 'evictSlot'],
  everything: [
    ...(['loseMessages', 'slowNetwork', 'closeBus', 'closeCommands', 'cutBoth', 'pause'] as const),
    ...(['kill', 'evictSlot', 'flush', 'restartOld', 'failover', 'stepWall', 'noMemory'] as const),
  ],
}

export const faultKinds: readonly FaultKind[] = Object.keys(kinds).filter(isFaultKind)

export function isFaultKind(name: string): name is FaultKind {
  return Object.hasOwn(kinds, name)
}

/** Faults of a server as a whole: more of them would leave no time for anything else. */
const rare: ReadonlySet<FaultName> = new Set(['failover', 'split', 'strand', 'demote', 'takeOver'])
const msPerFault = 700
const msPerRareFault = 3_500
const lastsMsMin = 30
const lastsMsMax = 2_500

export interface FaultRange {
  readonly processes: number
  readonly beginMs: number
  readonly untilMs: number
}

export function faultsOf(
  kind: FaultKind,
  chance: SeededChance,
  { processes, beginMs, untilMs }: FaultRange,
): readonly PlannedFault[] {
  const names = kinds[kind]
  if (names.length === 0) return []
  const faults: PlannedFault[] = []
  let atMs = beginMs
  for (;;) {
    const what = chance.pick(names)
    const paceMs = rare.has(what) ? msPerRareFault : msPerFault
    atMs += chance.between(0.2, 1.8) * paceMs
    if (atMs > untilMs) return faults
    faults.push({
      index: faults.length,
      atMs,
      what,
      process: chance.below(processes),
      // Short ones hit between two steps, long ones outlast Δ.
      lastsMs: lastsMsMin + (lastsMsMax - lastsMsMin) * chance.unit() ** 2,
      seed: chance.below(2 ** 31),
    })
  }
}
