/**
 * Says why a key is served as it is (`explain`): what this process holds and may trust, what
 * stands in Redis, what is pending. It changes nothing, counts as no read, and says so where
 * Redis can't be asked.
 */
import type { Journal, JournalRecord } from '../coherence/index.ts'
import { explainedSlot, nameOfWish } from '../coherence/index.ts'
import type { ParsedKey } from '../core/catalog.ts'
import type { Entry } from '../core/entry.ts'
import type {
  Explanation,
  MemoryExplanation,
  PolicyExplanation,
  RedisExplanation,
  TrustExplanation,
  UnservedReason,
} from '../core/explanation.ts'
import { matchesGlob } from '../core/glob.ts'
import type { Life } from '../core/life.ts'
import type { BreakerState, PendingInvalidation } from '../core/stats.ts'
import { decodeTag } from '../core/tag.ts'
import { type Engine, type Partition, partitionAt } from './engine.ts'
import { explainedNext } from './explained-next.ts'
import type { FamilyRuntime } from './family-runtime.ts'
import type { LastMisses } from './last-misses.ts'
import type { Pauses } from './pauses.ts'
import type { SlotInspector } from './slot-inspector.ts'
import type { SourceGuards } from './source-guards.ts'

export interface ExplainerParts {
  readonly engine: Engine
  readonly inspector: SlotInspector
  readonly guards: SourceGuards
  readonly misses: LastMisses
  readonly pauses: Pauses
}

/** A key of a family of this cache. */
export interface ExplainedKey {
  readonly key: string
  readonly id: ParsedKey['id']
}

export class Explainer {
  readonly #parts: ExplainerParts

  constructor(parts: ExplainerParts) {
    this.#parts = parts
  }

  async explain(family: FamilyRuntime, { key, id }: ExplainedKey): Promise<Explanation> {
    const { engine, inspector, misses, pauses } = this.#parts
    const { clock, store, flights, journal, replays } = engine
    const index = store.partitionOf(key)
    const entry = family.region.get(family.memoryId(id))
    const inspected = await inspector.inspect(family, { id, key, tags: entry?.tags ?? [] })
    const partition = partitionAt(engine, index)
    const redis: RedisExplanation =
      inspected === undefined
        ? { isRead: false, because: this.#silence(partition) }
        : explainedSlot(inspected)
    const tags = entry?.tags ?? family.tagsBefore(id)
    const pending = [journal, replays].flatMap((one) => pendingIn(one, { index, key, tags }))
    const facts = {
      partition: index,
      redis,
      memory: this.#memory(family, partition, id),
      policy: policyOf(family),
      pending,
      isLoading: flights.find(key, () => true)?.isLoading ?? false,
    }
    const { lifetimes } = family
    const phaseOf = (life: Life, ageMs: number) => {
      return lifetimes.phaseOf(lifetimes.now(life, key), ageMs)
    }
    return {
      ...{ key, family: family.name, atMs: clock.wallMs() },
      ...explainedNext(facts, { phaseOf, pause: pauses.reasonOf(key) }),
      ...facts,
      trust: trustOf(partition, clock.now()),
      lastMiss: misses.of(key, clock.now()),
      breakers: this.#breakers(family, index),
    }
  }

  #silence({ index, breaker, trust }: Partition): string {
    const { store } = this.#parts.engine
    if (store.connectedOf(index) === undefined) return 'it is not connected'
    if (breaker.isOpen) return 'its breaker is open'
    if (trust.contradiction !== undefined) return 'another process divides the keys otherwise'
    return 'it did not answer in time, or could not prove that it is current'
  }

  #memory(family: FamilyRuntime, partition: Partition, id: unknown): MemoryExplanation {
    const { clock, settings } = this.#parts.engine
    if (!settings.hasMemory) return { isHeld: false, because: 'off' }
    const entry = family.region.get(family.memoryId(id))
    if (entry === undefined) return { isHeld: false, because: 'absent' }
    const nowMs = clock.now()
    const { fid, order, clock: groupClock, bornMs, staleUntilMs } = entry
    const { life, ttl } = family.lifetimes.heldOf(entry)
    const freshLeftMs = bornMs + life.softMs - nowMs
    return {
      isHeld: true,
      ...{ fid, order, clock: groupClock, tags: entry.tags.map(decodeTag) },
      ...{ ageMs: nowMs - bornMs, freshLeftMs, staleLeftMs: staleUntilMs - nowMs },
      notServedBecause: unserved(entry, partition, { nowMs, freshLeftMs }),
      ttl,
    }
  }

  /** Of the family, of what its source depends on, and of its partition. */
  #breakers(family: FamilyRuntime, partition: number): Readonly<Record<string, BreakerState>> {
    const dependency = family.source?.rules.dependency
    const names = [`family:${family.name}`, `dependency:${dependency}`, `redis:${partition}`]
    const all = Object.entries(this.#parts.guards.breakers())
    const between = all.filter(([name]) => names.includes(name))
    return Object.fromEntries(between.map(([name, { state }]) => [name, state]))
  }
}

function unserved(
  entry: Entry,
  { trust, groups }: Partition,
  { nowMs, freshLeftMs }: { readonly nowMs: number; readonly freshLeftMs: number },
): UnservedReason | undefined {
  if (!trust.isTrusted(nowMs)) return 'untrusted'
  if (entry.generation !== trust.generation) return 'suspect'
  if (!groups.covers(entry.clock, entry.tags)) return 'groupInvalidated'
  return freshLeftMs <= 0 ? 'expired' : undefined
}

function trustOf({ trust }: Partition, nowMs: number): TrustExplanation {
  const { generation, losses, lostBecause, contradiction } = trust
  return {
    isHeld: trust.isTrusted(nowMs),
    leftMs: leftMs(trust.untilMs, nowMs),
    proofLeftMs: leftMs(trust.proofUntilMs, nowMs),
    ...{ generation, losses, lostBecause, contradiction },
  }
}

/** Never below 0: what was never there has ended at no time that means anything. */
function leftMs(untilMs: number, nowMs: number): number {
  return Math.max(0, untilMs - nowMs)
}

function policyOf({ version, rules, source }: FamilyRuntime): PolicyExplanation {
  const { ttlMs, negativeTtlMs, refresh, lives } = rules
  return {
    ...{ version, ttlMs, negativeTtlMs, maxStaleMs: refresh.maxStaleMs },
    ...{ isAdaptive: lives.isAdaptive, isRefreshed: refresh.isOn },
    hasSource: source !== undefined,
  }
}

interface Concerned {
  readonly index: number
  readonly key: string
  readonly tags: readonly string[]
}

function pendingIn(journal: Journal, concerned: Concerned): readonly PendingInvalidation[] {
  const found: PendingInvalidation[] = []
  for (const record of journal.records()) {
    if (!concerns(record, concerned)) continue
    const key = 'pattern' in record ? record.pattern : nameOfWish(record.wish)
    found.push({ key, reason: record.reason, sinceMs: record.sinceMs })
  }
  return found
}

function concerns(record: JournalRecord, { index, key, tags }: Concerned): boolean {
  if ('pattern' in record) return matchesGlob(record.pattern, key)
  if (record.partition !== index) return false
  const { wish } = record
  if (wish.kind === 'key') return wish.ask.key === key
  return wish.kind === 'floor' || tags.includes(wish.tag)
}
