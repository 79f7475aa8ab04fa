/**
 * The predictor of a cache: its engine is fed with what callers read, and what it wants is
 * loaded by the warmer, in one batch for each family and turn, within the budget of all that
 * warms and behind what readers load.
 */

import type { FamilyView } from '../core/handle.ts'
import { fieldsOf, functionIn, invalid } from '../core/option-checks.ts'
import type { Access } from './access.ts'
import type { Readable } from './association.ts'
import { attributed } from './attributed.ts'
import { type PredictedRead, PredictorEngine, type PredictorReport } from './predictor-engine.ts'
import type { Warmer } from './warmer.ts'

/** What `openPredictor` takes. */
export interface PredictorOptions {
  /** Families whose reads are learned, and whose keys are loaded ahead. */
  readonly families: readonly string[]
  /**
   * The session that a read belongs to, such as a user; called where the read is made. Default:
   * that of the warmer. With it, reads that are only noted are left out.
   */
  readonly who?: (() => string | undefined) | undefined
}
/** Loads what is read together with what was read, as long as that is of use. */
export interface Predictor {
  report(): PredictorReport
  /** Idempotent; the warmer stays open. */
  close(): void
}

interface Target extends Readable {
  readonly id: unknown
  readonly view: FamilyView
}

const WHERE = 'openPredictor'

/**
 * Learns which keys are read soon after which others, by each session where the warmer is told
 * `who` reads, and loads them ahead. Begins with predictions that load nothing, and loads only
 * while more than half of what it loads is read. Throws `SP_OPTION_…`.
 *
 * @example
 * const predictor = openPredictor(warmer, { families: ['positions', 'market'] })
 * predictor.report().state
 */
export function openPredictor(warmer: Warmer, options: PredictorOptions): Predictor {
  const fields = fieldsOf(WHERE, options, ['families', 'who'])
  functionIn(WHERE, fields, 'who')
  const { families } = fields
  if (!isNames(families)) throw invalid(WHERE, 'families', 'names of families', families)
  const views = families.map((name) => warmer.cache.family(name))
  const byName = new Map(views.map((view) => [view.name, view]))
  return new CachePredictor(warmer, byName, options.who)
}

class CachePredictor implements Predictor {
  readonly #warmer: Warmer
  readonly #views: ReadonlyMap<string, FamilyView>
  readonly #engine = new PredictorEngine<Target>({
    isHeld: ({ view, id }) => view.holds(id),
    livesMs: ({ view }) => view.ttlMs,
  })
  readonly #ending = new AbortController()
  readonly #stop: () => void
  /** Of this turn. */
  #wanted = new Map<FamilyView, Target[]>()

  constructor(
    warmer: Warmer,
    views: ReadonlyMap<string, FamilyView>,
    who: PredictorOptions['who'],
  ) {
    this.#warmer = warmer
    this.#views = views
    this.#stop = warmer.accesses(attributed(who, (access, session) => this.#learn(access, session)))
  }

  report(): PredictorReport {
    return this.#engine.report()
  }

  close(): void {
    this.#stop()
    this.#ending.abort()
  }

  #learn(access: Access, session: string | undefined): void {
    const { key, id, family, outcome, atMs } = access
    const view = this.#views.get(family)
    if (view === undefined) return
    if (outcome?.from === 'source') this.#engine.took(outcome.ageMs)
    const item = { key, id, view }
    const read = { item, session, atMs, result: resultOf(outcome), bornMs: bornOf(access) }
    for (const target of this.#engine.read(read)) {
      if (this.#wanted.size === 0) queueMicrotask(() => this.#flush())
      const batch = this.#wanted.get(target.view) ?? []
      this.#wanted.set(target.view, batch)
      batch.push(target)
    }
  }

  #flush(): void {
    const wanted = this.#wanted
    this.#wanted = new Map()
    for (const [view, batch] of wanted) void this.#load(view, batch)
  }

  async #load(view: FamilyView, batch: readonly Target[]): Promise<void> {
    const { clock } = this.#warmer
    const askedMs = clock.now()
    const loaded = new Map<string | number, number>()
    try {
      const ids = batch.map(({ id }) => id)
      const request = { family: view.name, ids, signal: this.#ending.signal }
      const { values } = await this.#warmer.preload(request)
      for (const { key, bornMs } of values) loaded.set(key, bornMs)
    } catch {
      // The cache is closed. What was not loaded is counted as such below.
    }
    const readyMs = clock.now()
    if (loaded.size > 0) this.#engine.took(readyMs - askedMs)
    for (const target of batch) {
      const bornMs = loaded.get(target.key)
      if (bornMs === undefined) this.#engine.notLoaded(target)
      else this.#engine.arrived(target, { readyMs, bornMs, untilMs: bornMs + view.ttlMs })
    }
  }
}

function resultOf(outcome: Access['outcome']): PredictedRead<Target>['result'] {
  if (outcome === undefined || outcome.from === 'none') return 'unseen'
  return outcome.from === 'source' || outcome.from === 'joined' ? 'miss' : 'hit'
}

/** Of the value that was there when it was read. */
function bornOf({ outcome, atMs }: Access): number | undefined {
  if (outcome === undefined || outcome.from === 'none' || outcome.from === 'source')
    return undefined
  return atMs - outcome.ageMs
}

function isNames(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length > 0 && value.every((name) => typeof name === 'string')
}
