/** A family as its callers use it, without types; `handle.ts` gives it those. */
import type { Clock } from '../core/contracts/clock.ts'
import type { Region, Standing } from '../core/contracts/memory.ts'
import type {
  FamilyView,
  GetOptions,
  InvalidateKeysOptions,
  InvalidateOptions,
  SetOptions,
  SetResult,
  WaitOptions,
} from '../core/handle.ts'
import type { Key } from '../core/key.ts'
import type { Outcome } from '../core/outcome.ts'
import type { Receipt } from '../core/receipt.ts'
import { familyTag } from '../core/tag.ts'
import type { Priority } from '../resilience/index.ts'
import type { Activity } from './activity.ts'
import { Collected } from './collected.ts'
import type { FamilyCounters } from './counters.ts'
import type { Engine } from './engine.ts'
import type { FamilyRuntime } from './family-runtime.ts'
import { closedError, idsExpected } from './faults.ts'
import type { Invalidator, Target } from './invalidator.ts'
import type { LastMisses } from './last-misses.ts'
import { failureOf, isShared, outcomeOf } from './outcomes.ts'
import { checkGet } from './patience.ts'
import type { Reader } from './reader.ts'
import type { Answer } from './seat.ts'
import type { Setter } from './setter.ts'
import type { Watchers } from './watchers.ts'
import { checkInvalidate, checkInvalidateKeys, checkRefresh, checkSet } from './write-options.ts'

export interface ViewParts {
  readonly engine: Engine
  readonly reader: Reader
  readonly invalidator: Invalidator
  readonly setter: Setter
  readonly activity: Activity
  readonly misses: LastMisses
  readonly closing: { readonly hasBegun: boolean }
}

/** What all reads of a call have in common. */
interface Call {
  readonly startedMs: number
  readonly priority: Priority
}

interface EndedCall extends Call {
  readonly endedMs: number
}

const noOptions = Object.freeze({})

export class RuntimeView implements FamilyView {
  readonly name: string
  readonly template: string
  readonly hasSource: boolean
  readonly ttlMs: number
  readonly batchMax: number
  readonly #family: FamilyRuntime
  readonly #parts: ViewParts
  // What a hit needs stands here once more: each step on the way to it is paid on every hit.
  readonly #reader: Reader
  readonly #region: Region
  readonly #standings: readonly Standing[]
  readonly #clock: Clock
  readonly #watchers: Watchers
  readonly #reads: FamilyCounters['reads']

  constructor(family: FamilyRuntime, parts: ViewParts) {
    this.name = family.name
    this.template = family.template.text
    this.hasSource = family.source !== undefined
    this.ttlMs = family.rules.ttlMs
    this.batchMax = family.batchMax
    this.#family = family
    this.#parts = parts
    const { engine, reader } = parts
    this.#reader = reader
    this.#region = family.region
    this.#standings = engine.partitions
    this.#clock = engine.clock
    this.#watchers = engine.watchers
    this.#reads = family.counters.reads
  }

  /** Not an async function: on a hit that costs a fifth more (`bench`, memory-get). */
  get(id: unknown, options?: GetOptions): Promise<unknown> {
    if (options !== undefined || this.#reader.isInScope) return this.#fetch(id, options)
    try {
      const slot = this.#serve(id)
      if (slot < 0) return this.#fetchOne(id)
      this.#reads.memory++
      // Before observers are told: one that invalidates empties the slot.
      const value = this.#region.valueAt(slot)
      if (this.#watchers.wantsHits && this.#watchers.takesHit()) this.#tellHit(id, slot)
      return Promise.resolve(value)
    } catch (error) {
      return Promise.reject(error)
    }
  }

  async getMany(ids: readonly unknown[], options: GetOptions = noOptions): Promise<unknown[]> {
    const answers = await this.#many(ids, options)
    return (await answers.allGood()).map(valueIn)
  }

  peek(id: unknown): unknown {
    const slot = this.#reader.isInScope ? -1 : this.#serve(id)
    if (slot < 0) return this.#peekClosely(id)
    this.#reads.memory++
    return this.#region.valueAt(slot)
  }

  holds(id: unknown): boolean {
    const slot = this.#region.find(this.#family.memoryId(id))
    return slot >= 0 && this.#clock.now() < this.#region.entryAt(slot).untilMs
  }

  async lookup(id: unknown, options: GetOptions = noOptions): Promise<Outcome<unknown>> {
    const [outcome] = await this.lookupMany([id], options)
    if (outcome === undefined) throw new RangeError('expected an outcome for every id')
    return outcome
  }

  async lookupMany(
    ids: readonly unknown[],
    options: GetOptions = noOptions,
  ): Promise<Outcome<unknown>[]> {
    const answers = await this.#many(ids, options)
    const all = await answers.all()
    const nowMs = this.#clock.now()
    return all.map((answer) => outcomeOf(this.#family, answer, nowMs))
  }

  async set(id: unknown, value: unknown, options: SetOptions = {}): Promise<SetResult> {
    this.#refuseClosed()
    checkSet(options)
    return this.#parts.setter.set(this.#family, id, value, options)
  }

  async invalidate(
    ids: readonly unknown[],
    options: InvalidateKeysOptions = noOptions,
  ): Promise<Receipt> {
    this.#refuseClosed()
    if (options !== noOptions) checkInvalidateKeys(options)
    const family = this.#family
    const targets: Target[] = []
    for (const id of ids) {
      targets.push({ key: family.keyText(id), family, memoryId: family.memoryId(id) })
    }
    return this.#parts.invalidator.invalidate(targets, options)
  }

  async clear(options: InvalidateOptions = {}): Promise<Receipt> {
    this.#refuseClosed()
    checkInvalidate(options)
    this.#family.counters.invalidations++
    return this.#parts.invalidator.invalidateTags([familyTag(this.name)], options)
  }

  async refresh(id: unknown, options: WaitOptions = {}): Promise<unknown> {
    checkRefresh(options)
    return this.#fetch(id, { ...options, consistency: 'fresh' })
  }

  async activity(ids: readonly unknown[]): Promise<void> {
    this.#refuseClosed()
    return this.#parts.activity.mark(this.#family, ids)
  }

  key(id: unknown): Key {
    return Object.freeze({ family: this.name, text: this.#family.keyText(id) })
  }

  pattern(fields?: Readonly<Record<string, unknown>>): string {
    return this.#family.template.pattern(fields)
  }

  async #fetch(id: unknown, options: GetOptions = noOptions): Promise<unknown> {
    const [value] = await this.getMany([id], options)
    return value
  }

  /** Counted in a step of its own, so that observers are told in the context of the caller. */
  #fetchOne(id: unknown): Promise<unknown> {
    this.#refuseClosed()
    const own = this.#family.ownId(id)
    const startedMs = this.#clock.now()
    const answering = new Promise<Answer>((resolve) => {
      this.#reader.readOne(this.#family, own, resolve)
    })
    return answering.then((answer) => {
      this.#count(answer, own, { startedMs, priority: 'read', endedMs: this.#clock.now() })
      return valueIn(answer)
    })
  }

  #tellHit(id: unknown, slot: number): void {
    const entry = this.#region.entryAt(slot)
    const key = this.#family.keyText(id)
    const startedMs = this.#clock.now()
    // No hit looks at the clock when it begins: to be timed, this one is looked up once more.
    this.#region.find(this.#family.memoryId(id))
    const call = { startedMs, priority: 'read', endedMs: this.#clock.now() } as const
    this.#tell({ kind: 'hit', key, entry }, id, call)
  }

  /** The slot of an entry that memory may serve without asking anybody, or -1. */
  #serve(id: unknown): number {
    return this.#region.serve(id, this.#standings, this.#clock.now())
  }

  /** Throws for what is no id of the family. */
  #peekClosely(id: unknown): unknown {
    this.#family.memoryId(id)
    const slot = this.#reader.peek(this.#family, id)
    if (slot < 0) return undefined
    this.#reads.memory++
    return this.#region.valueAt(slot)
  }

  /** What is still to come of it; all of it is counted, in the context of the caller. */
  async #many(ids: readonly unknown[], options: GetOptions): Promise<Collected<Answer>> {
    this.#refuseClosed()
    if (!Array.isArray(ids)) throw idsExpected(this.name, ids)
    if (options !== noOptions) checkGet(options)
    const call = { startedMs: this.#clock.now(), priority: this.#reader.priorityOf(options) }
    // Holes count as ids too, and are refused as such.
    const own = Array.from(ids, (id: unknown) => this.#family.ownId(id))
    const answers = new Collected<Answer>(own.length)
    await this.#reader.read(this.#family, { ids: own, options }, (answer, index) => {
      if (answer.kind === 'failed') answers.fail(answer.error)
      answers.put(index, answer)
    })
    void answers.all().then((all) => {
      const ended = { ...call, endedMs: this.#clock.now() }
      for (const [index, answer] of all.entries()) this.#count(answer, own[index], ended)
    })
    return answers
  }

  #count(answer: Answer, id: unknown, call: EndedCall): void {
    const { counters } = this.#family
    const { reads } = counters
    if (call.priority === 'warm') counters.warmed++
    else if (answer.kind === 'hit') reads.memory++
    else if (answer.kind === 'failed') reads.none++
    else reads[isShared(answer) ? 'joined' : answer.landed.from]++
    const { watchers } = this.#parts.engine
    if (answer.kind !== 'hit') this.#noteMiss(answer, call.endedMs)
    const isHit = answer.kind === 'hit'
    const isWanted = isHit ? watchers.wantsHits && watchers.takesHit() : watchers.isWatched
    if (isWanted) this.#tell(answer, id, call)
  }

  /** What somebody else has loaded was that one's miss. */
  #noteMiss(answer: Exclude<Answer, { kind: 'hit' }>, atMs: number): void {
    const { engine, misses } = this.#parts
    const { key } = answer
    if (answer.kind === 'failed') {
      misses.note(key, { from: 'none', why: failureOf(answer).why, atMs })
      return
    }
    const { from, why } = answer.landed
    if (from !== 'stale') engine.meter.answered(key, from, atMs)
    if (from !== 'redis' && !isShared(answer)) misses.note(key, { from, why, atMs })
  }

  #tell(answer: Answer, id: unknown, { startedMs, priority, endedMs }: EndedCall): void {
    const { watchers } = this.#parts.engine
    watchers.tell({
      kind: 'read',
      family: this.name,
      id,
      key: answer.key,
      priority,
      weight: answer.kind === 'hit' ? watchers.hitWeight : 1,
      outcome: outcomeOf(this.#family, answer, endedMs),
      ms: endedMs - startedMs,
    })
  }

  #refuseClosed(): void {
    if (this.#parts.closing.hasBegun) throw closedError()
  }
}

/** Throws what the read failed with. */
function valueIn(answer: Answer): unknown {
  if (answer.kind === 'failed') throw answer.error
  return answer.kind === 'hit' ? answer.entry.value : answer.landed.value
}
