/**
 * What warming may cost: so many loads at a time, and so many a second. In front of a source
 * its loads give way to reads (`priority: 'warm'`); what they are refused there is given up and
 * left to the next round.
 *
 *   line ──turn──▶ pace ──tokens──▶ cache ──▶ not loaded: the tokens are given back
 */
import { setMaxListeners } from 'node:events'
import { Deferred } from '../base/deferred.ts'
import type { CacheMethods } from '../core/cache.ts'
import type { Clock } from '../core/contracts/clock.ts'
import type { FamilyView } from '../core/handle.ts'
import { durationIn } from '../core/option-checks.ts'
import type { Outcome } from '../core/outcome.ts'
import { jitterShare } from '../core/ttl-policy.ts'
import { Bulkhead, type Place, type Priority, SharedSignals } from '../resilience/index.ts'
import { Pace } from './pace.ts'
import type { Preloaded, PreloadRequest, PreloadResult } from './preload.ts'
import type { WarmBudget } from './warm-task.ts'

/** Preloads and tasks that wait for their turn. */
export const waitingMax = 100
/** Ids of one call of the cache, whatever its source takes. */
const chunkMax = 50

export interface BudgetLimits {
  readonly concurrency: number
  readonly loadsPerSecond: number
}

export interface BudgetParts extends BudgetLimits {
  readonly cache: Pick<CacheMethods, 'family'>
  readonly clock: Clock
  /** Fires when the warmer is closed. */
  readonly closing: AbortSignal
}

interface Tally {
  loaded: number
  present: number
  failed: number
  refused: number
  values: Preloaded[]
}

interface Chunk {
  readonly view: FamilyView
  readonly ids: readonly unknown[]
  readonly signal: AbortSignal
  readonly freshForMs: number
  readonly isFresh: boolean
}

export class Budget {
  readonly #parts: BudgetParts
  readonly #line: Bulkhead
  readonly #pace: Pace
  readonly #signals = new SharedSignals()
  #spent = 0

  constructor(parts: BudgetParts) {
    this.#parts = parts
    this.#line = new Bulkhead({ concurrency: parts.concurrency, queue: waitingMax })
    this.#pace = new Pace(parts.clock, parts.loadsPerSecond)
  }

  get running(): number {
    return this.#line.running
  }

  get waiting(): number {
    return this.#line.waiting
  }

  /** Loads that it has let through. */
  get spent(): number {
    return this.#spent
  }

  /** The same for one task, whose signal ends what it has asked for. */
  of(signal: AbortSignal): WarmBudget {
    return {
      preload: (request) => this.preload({ signal, ...request }),
    }
  }

  /** Rejects for what is no family, id or duration; what can't be loaded is counted. */
  async preload(request: PreloadRequest): Promise<PreloadResult> {
    const { family, ids, urgent = false, anew = false } = request
    const view = this.#parts.cache.family(family)
    const freshForMs = durationIn('preload', { ...request }, 'freshFor') ?? 0
    const most = Math.min(view.batchMax, chunkMax, this.#pace.most)
    const tally: Tally = { loaded: 0, present: 0, failed: 0, refused: 0, values: [] }
    let at = 0
    const loadAll = async (signal: AbortSignal): Promise<void> => {
      while (at < ids.length) {
        const some = ids.slice(at, at + most)
        at += most
        const chunk: Chunk = { view, ids: some, signal, freshForMs, isFresh: anew }
        await this.#inTurn(chunk, tally, urgent ? 'read' : 'warm')
      }
    }
    await this.#untilClosed(request.signal, async (signal) => {
      await Promise.all(Array.from({ length: this.#parts.concurrency }, () => loadAll(signal)))
    })
    return tally
  }

  /** The work ends with its caller's signal, and with the warmer, whichever fires first. */
  async #untilClosed(
    signal: AbortSignal | undefined,
    work: (ending: AbortSignal) => Promise<void>,
  ): Promise<void> {
    const ending = new AbortController()
    // Each of its loads listens, and there are no more of them than may run.
    setMaxListeners(0, ending.signal)
    const { closing } = this.#parts
    const ends = signal === undefined ? [closing] : [closing, signal]
    const end = (): void => ending.abort()
    for (const one of ends) {
      if (one.aborted) end()
      else this.#signals.add(one, end)
    }
    try {
      await work(ending.signal)
    } finally {
      for (const one of ends) this.#signals.remove(one, end)
    }
  }

  async #inTurn(chunk: Chunk, tally: Tally, priority: Priority): Promise<void> {
    const { signal, ids } = chunk
    const place = signal.aborted ? undefined : this.#line.enter(priority)
    try {
      if (place !== undefined && (await hasTurn(place, signal))) await this.#read(chunk, tally)
      else tally.refused += ids.length
    } finally {
      place?.leave()
    }
  }

  async #read(chunk: Chunk, tally: Tally): Promise<void> {
    const { view, ids, signal, isFresh } = chunk
    if (!(await this.#pace.take(ids.length, signal))) {
      tally.refused += ids.length
      return
    }
    const consistency = isFresh ? 'fresh' : 'bounded'
    const outcomes = await view.lookupMany(ids, { priority: 'warm', consistency, signal })
    const nowMs = this.#parts.clock.now()
    const ending: unknown[] = []
    let loads = 0
    for (const [index, outcome] of outcomes.entries()) {
      if (outcome.from === 'source' || outcome.from === 'none') loads++
      if (!isFresh && endsSoon(outcome, chunk)) ending.push(ids[index])
      else count(tally, outcome, { id: ids[index], view, nowMs })
    }
    this.#spent += loads
    this.#pace.giveBack(ids.length - loads)
    if (ending.length > 0) await this.#read({ ...chunk, ids: ending, isFresh: true }, tally)
  }
}

/** False: it was pushed out of the line, or nobody wants it any more. */
async function hasTurn({ turn }: Place, signal: AbortSignal): Promise<boolean> {
  if (turn === undefined) return true
  const over = new Deferred<false>()
  const onAbort = (): void => over.resolve(false)
  signal.addEventListener('abort', onAbort)
  try {
    return await Promise.race([turn, over.promise])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

/** A value is not loaded anew in the first half of its life: short lives would never rest. */
function endsSoon(outcome: Outcome<unknown>, { view, freshForMs }: Chunk): boolean {
  const { from, ageMs } = outcome
  if (from !== 'memory' && from !== 'redis') return false
  // As short as it may be.
  const lifeMs = view.ttlMs * (1 - jitterShare)
  return lifeMs - ageMs < Math.min(freshForMs, lifeMs / 2)
}

function count(
  tally: Tally,
  outcome: Outcome<unknown>,
  { id, view, nowMs }: { readonly id: unknown; readonly view: FamilyView; readonly nowMs: number },
): void {
  if (outcome.from === 'source') {
    tally.loaded++
    tally.values.push({ id, key: view.key(id).text, bornMs: nowMs - outcome.ageMs })
  } else if (outcome.from !== 'none') tally.present++
  else if (outcome.why === 'refused' || outcome.why === 'aborted') tally.refused++
  else tally.failed++
}
