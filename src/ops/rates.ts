/**
 * Rates of the last minute, from totals that are noted every few seconds. Only processes that
 * were there at both ends count, so a process that starts or ends makes no spike.
 */

import { hitRatioOf, hitsOf, noTotals, readsOf, sumOf } from '../observe/index.ts'
import type { FamilyTotals, Rates } from './answers.ts'

const windowMs = 60_000
/** What was noted before nobody asked for so long says nothing of the last minute. */
const gapMsMax = 2 * windowMs
/** Less says more about the moment of noting than about the rate. */
const windowMsMin = 4_000
/** A minute of notes every two seconds, and some more. */
const notesMax = 40

interface Note {
  readonly atMs: number
  readonly byProcess: ReadonlyMap<string, FamilyTotals>
}

export class RateWindow {
  readonly #notes: Note[] = []

  /** Totals as they are now, by process. */
  note(atMs: number, byProcess: ReadonlyMap<string, FamilyTotals>): void {
    this.#notes.push({ atMs, byProcess })
    while (this.#notes.length > notesMax || this.#isBeyond(atMs)) this.#notes.shift()
  }

  rates(): Rates {
    const [first] = this.#notes
    const last = this.#notes.at(-1)
    const spanMs = first === undefined || last === undefined ? 0 : last.atMs - first.atMs
    if (first === undefined || last === undefined || spanMs < windowMsMin) return noRates
    const counted = between(first, last)
    const perSecond = (count: number) => (count * 1_000) / spanMs
    const { loads, invalidations } = counted
    return {
      reads: perSecond(readsOf(counted)),
      loads: perSecond(loads),
      loadsAvoided: perSecond(hitsOf(counted)),
      invalidations: perSecond(invalidations),
      hitRatio: hitRatioOf(counted),
    }
  }

  /** One note beyond the window stays, so that the rest spans all of it. */
  #isBeyond(nowMs: number): boolean {
    const [first, second] = this.#notes
    if (first !== undefined && nowMs - first.atMs > gapMsMax) return true
    return second !== undefined && nowMs - second.atMs >= windowMs
  }
}

const noRates: Rates = Object.freeze({
  reads: undefined,
  loads: undefined,
  loadsAvoided: undefined,
  invalidations: undefined,
  hitRatio: undefined,
})

function between(first: Note, last: Note): FamilyTotals {
  const differences: FamilyTotals[] = []
  for (const [process, now] of last.byProcess) {
    const before = first.byProcess.get(process)
    if (before !== undefined) differences.push(differenceOf(before, now))
  }
  return sumOf(differences)
}

/** Counters never fall; what memory holds may, and is no rate. */
function differenceOf(before: FamilyTotals, now: FamilyTotals): FamilyTotals {
  return {
    ...noTotals,
    memory: now.memory - before.memory,
    redis: now.redis - before.redis,
    joined: now.joined - before.joined,
    stale: now.stale - before.stale,
    source: now.source - before.source,
    none: now.none - before.none,
    loads: now.loads - before.loads,
    invalidations: now.invalidations - before.invalidations,
  }
}
