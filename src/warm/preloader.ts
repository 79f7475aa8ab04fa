/**
 * Loads ahead what will be read, as learned from what was read: each family that is declared has
 * a task, which keeps the fewest keys warm that cover its share of reads. In between, a popular
 * key that is invalidated is loaded again at once, in each process that serves it; the leases of
 * the cache make that one load.
 */
import type { CacheEvent, InvalidateEvent } from '../core/outcome.ts'
import type { Access } from './access.ts'
import { GroupLearner } from './group-learner.ts'
import type { LearnedCounts } from './learned.ts'
import { Learner, type PageUse, type PreloadedFamily } from './learner.ts'
import {
  type PreloaderOptions,
  type ResolvedPreloader,
  resolvePreloader,
} from './preloader-options.ts'
import { Reloader, type Wanted } from './reloader.ts'
import type { WarmBudget } from './warm-task.ts'
import type { Warmer } from './warmer.ts'

/** The use of one key, and how often it is read: decayed. */
export interface PageReport extends Readonly<Omit<PageUse, 'key'>> {
  readonly count: number
}
/** What a preloader has done in this process. */
export interface PreloadReport {
  /** By name. */
  readonly families: Readonly<Record<string, PreloadedFamily>>
  /** The most read of each family, at most 50. */
  readonly pages: readonly PageReport[]
  /** Those who are active now. */
  readonly activeGroups: number
  /** Keys that were not loaded again, because too many were to be at once. */
  readonly dropped: number
  /** Of `learned`, what names no family or id here: another build has learned it. */
  readonly unlearned: number
}
/** Learns what is read, and keeps it warm. */
export interface Preloader {
  /** Something has happened to these: they are loaded again now, whatever is there. */
  touch(family: string, ids: readonly unknown[]): void
  /** What it has learned, for the `learned` of another. */
  snapshot(): LearnedCounts
  report(): PreloadReport
  /** Idempotent; the warmer stays open. */
  close(): Promise<void>
}

/** Pages of a family in a report. */
const pagesMax = 50
/** How long it is believed what is popular. */
const popularForMs = 10_000

export class LearningPreloader implements Preloader {
  readonly #warmer: Warmer
  readonly #rules: ResolvedPreloader
  readonly #learners: ReadonlyMap<string, Learner>
  readonly #groups: GroupLearner | undefined
  readonly #reloader: Reloader
  readonly #ending = new AbortController()
  readonly #stops: (() => void)[] = []
  #unlearned = 0
  #popular: ReadonlyMap<string, Wanted> = new Map()
  #popularUntilMs = Number.NEGATIVE_INFINITY

  constructor(warmer: Warmer, options: PreloaderOptions) {
    this.#warmer = warmer
    const ttlMsOf = (family: string) => warmer.cache.family(family).ttlMs
    this.#rules = resolvePreloader(options, { everyMs: warmer.everyMs, ttlMsOf })
    const families = [...this.#rules.families]
    this.#learners = new Map(
      families.map(([name, rules]) => [name, new Learner(warmer.cache.family(name), rules)]),
    )
    const { groups, reloadPauseMs } = this.#rules
    const longestMs = Math.max(...families.map(([, { halfLifeMs }]) => halfLifeMs))
    this.#groups = groups && new GroupLearner(groups, longestMs)
    this.#reloader = new Reloader({
      warmer,
      pauseMs: reloadPauseMs,
      signal: this.#ending.signal,
      onLoaded: (family, values) => this.#learners.get(family)?.preloaded(values),
    })
    if (options.learned !== undefined) this.#learn(options.learned)
    this.#start()
  }

  touch(family: string, ids: readonly unknown[]): void {
    const view = this.#warmer.cache.family(family)
    for (const id of ids) this.#reloader.want(view.key(id).text, { family, id, anew: true })
  }

  snapshot(): LearnedCounts {
    const { clock } = this.#warmer
    const counts = [...this.#learners.values()].flatMap((one) => one.counts(clock.now()))
    return { takenMs: clock.wallMs(), counts }
  }

  report(): PreloadReport {
    const nowMs = this.#warmer.clock.now()
    const learners = [...this.#learners]
    return {
      families: Object.fromEntries(learners.map(([name, one]) => [name, one.report(nowMs)])),
      pages: learners.flatMap(([, one]) => {
        const pages = one.pages(nowMs).slice(0, pagesMax)
        return pages.map(({ item: { key: _, ...use }, count }) => ({ ...use, count }))
      }),
      activeGroups: this.#groups?.active(nowMs) ?? 0,
      dropped: this.#reloader.dropped,
      unlearned: this.#unlearned,
    }
  }

  async close(): Promise<void> {
    this.#end()
    await this.#reloader.ended()
  }

  #start(): void {
    const { signal, cache } = this.#warmer
    this.#stops.push(
      this.#warmer.accesses((access) => this.#access(access)),
      cache.observe({ notify: (event) => this.#notify(event) }),
    )
    for (const [name, { everyMs: every }] of this.#rules.families) {
      const run = (_: AbortSignal, budget: WarmBudget) => this.#preload(name, budget)
      const task = { name: `preload-${name}`, critical: false, every, run }
      this.#stops.push(this.#warmer.task(task))
    }
    const end = (): void => this.#end()
    signal.addEventListener('abort', end)
    this.#stops.push(() => signal.removeEventListener('abort', end))
    if (signal.aborted) end()
  }

  #end(): void {
    this.#ending.abort()
    for (const stop of this.#stops.splice(0)) stop()
  }

  #access(access: Access): void {
    this.#groups?.access(access)
    // Who says that a group has read something speaks of a read that the cache has seen.
    if (access.outcome !== undefined) this.#learners.get(access.family)?.access(access)
  }

  #learn({ takenMs, counts }: LearnedCounts): void {
    const { clock } = this.#warmer
    const ageMs = Math.max(0, clock.wallMs() - takenMs)
    for (const one of counts) {
      const learner = this.#learners.get(one.family)
      if (learner?.learn(one, { ageMs, nowMs: clock.now() }) !== true) this.#unlearned++
    }
  }

  async #preload(name: string, budget: WarmBudget): Promise<void> {
    const learner = this.#learners.get(name)
    if (learner === undefined) return
    const ids = this.#warmer.measure(() => this.#idsOf(name, learner))
    const result = await budget.preload({ family: name, ids, freshFor: learner.rules.everyMs })
    learner.preloaded(result.values)
    if (result.failed > 0) throw new Error(`${result.failed} of ${ids.length} were not loaded`)
  }

  #idsOf(family: string, learner: Learner): readonly unknown[] {
    const nowMs = this.#warmer.clock.now()
    const { chosen } = learner.choice(nowMs)
    const ids = new Map(chosen.map(({ key, item }) => [key, item.id]))
    for (const page of this.#groups?.pages(nowMs) ?? []) {
      if (page.family === family) ids.set(page.key, page.id)
    }
    return [...ids.values()]
  }

  #notify(event: CacheEvent): void {
    if (event.kind !== 'invalidate') return
    const popular = this.#popularNow()
    for (const key of isWide(event) ? popular.keys() : event.keys) {
      const wanted = popular.get(key)
      if (wanted !== undefined) this.#reloader.want(key, wanted)
    }
  }

  /** What is loaded again when it is invalidated, by key. */
  #popularNow(): ReadonlyMap<string, Wanted> {
    const nowMs = this.#warmer.clock.now()
    if (nowMs < this.#popularUntilMs) return this.#popular
    this.#popularUntilMs = nowMs + popularForMs
    this.#popular = this.#warmer.measure(() => {
      const learners = [...this.#learners].filter(([, { rules }]) => rules.reloads)
      const pages = learners.flatMap(([family, learner]) =>
        learner.choice(nowMs).chosen.map(({ key, item }): [string, Wanted] => {
          return [key, { family, id: item.id, anew: false }]
        }),
      )
      return new Map(pages)
    })
    return this.#popular
  }
}

/** It names no keys alone: whoever holds what it voids finds out by looking. */
function isWide({ tags, keys }: InvalidateEvent): boolean {
  return tags.length > 0 || keys.some((name) => /^family:|[*?]/.test(name))
}
