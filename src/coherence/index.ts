/** Pure state machines of the protocol: trust, flights, group clocks, journal. No I/O. */
export { Flight, type FlightMode, type FlightPlan, Flights, type Landed } from './flights.ts'
export { GroupClocks } from './group-clocks.ts'
export { Journal, type JournalEntry } from './journal.ts'
export { type Applied, type BeatEffect, Trust } from './trust.ts'
export { type Judgement, judgeValue } from './validity.ts'
