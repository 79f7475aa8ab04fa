/** What each of those who were active lately reads, such as the pages of one user. */

import { Popularity } from '../base/popularity.ts'
import type { Access } from './access.ts'
import type { GroupRules } from './preloader-options.ts'

/** A key that a group reads. */
export interface GroupPage {
  readonly family: string
  readonly id: unknown
  readonly key: string
}

/** Followed beside each group and key that may be served. */
const followedPerEntry = 4
/** Active: as after one access, until a half-life has passed. */
const activeCount = 0.5

export class GroupLearner {
  readonly #rules: GroupRules
  readonly #halfLifeMs: number
  readonly #groups: Popularity<Popularity<GroupPage>>

  constructor(rules: GroupRules, halfLifeMs: number) {
    this.#rules = rules
    this.#halfLifeMs = halfLifeMs
    const entriesMax = rules.groupsMax * followedPerEntry
    this.#groups = new Popularity({ entriesMax, halfLifeMs })
  }

  access({ who, family, id, key, weight, atMs }: Access): void {
    if (who === undefined) return
    const entriesMax = this.#rules.entriesMax * followedPerEntry
    const make = () => new Popularity<GroupPage>({ entriesMax, halfLifeMs: this.#halfLifeMs })
    const pages = this.#groups.add({ key: who, count: weight, make }, atMs)
    pages.add({ key, count: weight, make: () => ({ family, id, key }) }, atMs)
  }

  /** Those who are active now. */
  active(nowMs: number): number {
    return this.#active(nowMs).length
  }

  /** What those who are active read most, each key once. */
  pages(nowMs: number): readonly GroupPage[] {
    const pages = new Map<string, GroupPage>()
    for (const { item } of this.#active(nowMs)) {
      const most = item.ranked(nowMs).slice(0, this.#rules.entriesMax)
      for (const page of most) pages.set(page.key, page.item)
    }
    return [...pages.values()]
  }

  #active(nowMs: number) {
    const ranked = this.#groups.ranked(nowMs).slice(0, this.#rules.groupsMax)
    return ranked.filter(({ count }) => count >= activeCount)
  }
}
