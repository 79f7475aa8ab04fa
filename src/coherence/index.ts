/** Pure state machines of the protocol: trust, flights, group clocks, journal. No I/O. */
export { explainedSlot, type Inspected } from './explained-slot.ts'
export {
  Flight,
  type FlightMode,
  type FlightPlan,
  Flights,
  type Landed,
  LandedFrom,
  type Leaving,
  type Rider,
} from './flights.ts'
export { GroupClocks } from './group-clocks.ts'
export { Journal, type JournalEntry, type JournalRecord, type PatternEntry } from './journal.ts'
export { type Placement, Quarantines, quarantinedKeysMax } from './quarantines.ts'
export { clockRateError, Registry, registryMs, silenceMs } from './registry.ts'
export { ReplayRing } from './replay.ts'
export { ServerTime } from './server-time.ts'
export { type Sighting, Sightings, type Version } from './sightings.ts'
export { memoryEvidence, slotEvidence } from './stale-evidence.ts'
export { type Applied, type BeatEffect, Trust } from './trust.ts'
export { type Judgement, judgeValue, type Surroundings } from './validity.ts'
export { voidReasons } from './void-reasons.ts'
export {
  idOfWish,
  mergeWishes,
  nameOfWish,
  tokensMax,
  type Wish,
  wishesInWords,
  wishKinds,
} from './wish.ts'
