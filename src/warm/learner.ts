/** What is known of the reads of one family: which keys are popular, and who served them. */

import { type Counted, Popularity } from '../base/popularity.ts'
import type { FamilyView } from '../core/handle.ts'
import type { Access } from './access.ts'
import { type Choice, choose, seedCount } from './choice.ts'
import type { LearnedCount } from './learned.ts'
import { Marks } from './marks.ts'
import type { Preloaded } from './preload.ts'
import type { PreloadRules } from './preloader-options.ts'

/** The use of one key. */
export interface PageUse {
  readonly family: string
  readonly id: unknown
  readonly key: string
  /** Since it is followed. */
  reads: number
  /** Of them, those whose value was loaded ahead. */
  served: number
  preloads: number
  /** Of them, those that served a read. */
  usedPreloads: number
}

/** One family in the report of a preloader. */
export interface PreloadedFamily {
  readonly reads: number
  readonly served: number
  /** Of reads, those whose value was loaded ahead; 0 where there were none. */
  readonly servedShare: number
  readonly preloads: number
  readonly usedPreloads: number
  /** Keys that are kept warm now, and the share of recent reads that they surely cover. */
  readonly chosen: number
  readonly coveredShare: number
  /** Keys whose use is followed. */
  readonly followed: number
}

/** Followed beside each that may be chosen, so that newcomers can be seen to rise. */
const followedPerEntry = 10
/** Entries of a snapshot for each that may be chosen. */
const keptPerEntry = 2

export class Learner {
  readonly rules: PreloadRules
  readonly #view: FamilyView
  readonly #popularity: Popularity<PageUse>
  readonly #seeds = new Map<string, PageUse>()
  readonly #marks: Marks
  #reads = 0
  #served = 0

  /** Throws `SP_ID_…` for seeds that are no ids. */
  constructor(view: FamilyView, rules: PreloadRules) {
    this.rules = rules
    this.#view = view
    const entriesMax = rules.entriesMax * followedPerEntry
    this.#popularity = new Popularity({ entriesMax, halfLifeMs: rules.halfLifeMs })
    this.#marks = new Marks(entriesMax)
    for (const id of rules.seeds) {
      const { text: key } = view.key(id)
      this.#seeds.set(key, this.#pageOf(key, id))
    }
  }

  access(access: Access): void {
    const page = this.#count(access, access.weight, access.atMs)
    const served = this.#marks.served(access)
    this.#reads += access.weight
    page.reads += access.weight
    if (served === 'no') return
    this.#served += access.weight
    page.served += access.weight
    if (served === 'first') page.usedPreloads++
  }

  /** False for what another build may have learned, and is no id or count here. */
  learn(
    { id, count }: LearnedCount,
    { ageMs, nowMs }: { readonly ageMs: number; readonly nowMs: number },
  ): boolean {
    if (!(count >= 0 && count <= Number.MAX_SAFE_INTEGER)) return false
    try {
      const { text: key } = this.#view.key(id)
      this.#count({ key, id }, count * 2 ** (-ageMs / this.rules.halfLifeMs), nowMs)
      return true
    } catch {
      return false
    }
  }

  preloaded(values: readonly Preloaded[]): void {
    for (const value of values) {
      this.#marks.add(value)
      const page = this.page(value.key)
      if (page !== undefined) page.preloads++
    }
  }

  page(key: string): PageUse | undefined {
    return this.#popularity.item(key) ?? this.#seeds.get(key)
  }

  /** What is worth being kept warm now. */
  choice(nowMs: number): Choice<PageUse> {
    const total = this.#popularity.total(nowMs) + this.#seeds.size * seedCount
    return choose(this.#candidates(nowMs), this.rules, total)
  }

  /** The most read first. */
  pages(nowMs: number): readonly Counted<PageUse>[] {
    return this.#popularity.ranked(nowMs)
  }

  counts(nowMs: number): readonly LearnedCount[] {
    const most = this.rules.entriesMax * keptPerEntry
    return this.pages(nowMs)
      .slice(0, most)
      .map(({ item, count }) => ({ family: item.family, id: item.id, count }))
  }

  report(nowMs: number): PreloadedFamily {
    const { chosen, coveredShare } = this.choice(nowMs)
    return {
      reads: this.#reads,
      served: this.#served,
      servedShare: this.#reads > 0 ? this.#served / this.#reads : 0,
      preloads: this.#marks.made,
      usedPreloads: this.#marks.used,
      chosen: chosen.length,
      coveredShare,
      followed: this.#popularity.size,
    }
  }

  #count({ key, id }: Pick<Access, 'key' | 'id'>, count: number, nowMs: number): PageUse {
    const make = () => this.#seeds.get(key) ?? this.#pageOf(key, id)
    return this.#popularity.add({ key, count, make }, nowMs)
  }

  #candidates(nowMs: number): readonly Counted<PageUse>[] {
    const { usesMin, halfLifeMs } = this.rules
    // So many reads in a half-life keep a count where it is.
    const usesOf = (count: number) => (count * Math.LN2 * this.#view.ttlMs) / halfLifeMs
    const candidates = [...this.#seeds].map(([key, item]) => ({ key, item, count: seedCount }))
    const bySeed = new Map(candidates.map((one) => [one.key, one]))
    for (const counted of this.#popularity.ranked(nowMs)) {
      const seed = bySeed.get(counted.key)
      if (seed !== undefined) seed.count += counted.count
      else if (usesOf(counted.count) >= usesMin) candidates.push(counted)
    }
    return candidates
  }

  #pageOf(key: string, id: unknown): PageUse {
    return { family: this.#view.name, id, key, reads: 0, served: 0, preloads: 0, usedPreloads: 0 }
  }
}
