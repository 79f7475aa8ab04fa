/** How long the values of a family live in this process, and why: the rules of core, applied. */
import type { Chance, Clock } from '../core/contracts/clock.ts'
import type { Entry } from '../core/entry.ts'
import { earlyMsOf, type Life, lifeOf, type Phase, phaseOf, shortened } from '../core/life.ts'
import type { RefreshRules } from '../core/refresh-rules.ts'
import { type Ttl, ttlMsOf, ttlOf } from '../core/ttl-policy.ts'
import type { TtlRules } from '../core/ttl-rules.ts'
import { HotKeys } from './hot-keys.ts'
import { TtlNotes } from './ttl-notes.ts'
import { Unrest } from './unrest.ts'

export interface LifetimeParts {
  readonly refresh: RefreshRules
  readonly lives: TtlRules
  readonly clock: Clock
  readonly chance: Chance
}

/** A loaded value, for its life. */
export interface Loaded {
  readonly key: string
  readonly value: unknown
  readonly isAbsent: boolean
  /** Length of its payload. */
  readonly chars: number
}

/** Until when memory serves a value without a closer look, and until when at all. */
export type Span = Pick<Entry, 'untilMs' | 'staleUntilMs'>

/** What memory is going to keep. */
export interface Stay {
  readonly life: Life
  /** Undefined: the family does not age. */
  readonly ttl: Ttl | undefined
  readonly bornMs: number
  /** How long its load took. */
  readonly loadMs: number
  /** The age at which it is loaded anew. */
  readonly earlyMs: number
  /** The age from which its life was counted last. */
  readonly fromMs?: number
}

type HeldTimes = Pick<Entry, 'fid' | 'bornMs' | 'untilMs' | 'staleUntilMs'>

export class Lifetimes {
  /** False: a value ends with its TTL, and nobody looks closer. */
  readonly isAging: boolean
  readonly hot: HotKeys = new HotKeys()
  readonly #notes = new TtlNotes()
  readonly #unrest: Unrest | undefined
  readonly #parts: LifetimeParts

  constructor(parts: LifetimeParts) {
    const { refresh, lives } = parts
    this.isAging = refresh.isOn || lives.isAdaptive
    this.#unrest = lives.volatility && new Unrest(lives.volatility)
    this.#parts = parts
  }

  /** Throws what the author's distance throws. */
  of({ key, value, isAbsent, chars }: Loaded): Pick<Stay, 'life' | 'ttl'> {
    const { refresh, lives, chance } = this.#parts
    const unrest = isAbsent ? undefined : this.#unrest?.after(key, value, chars)
    const facts = { isAbsent, isHot: this.#isHot(key), unrest, unit: chance.unit() }
    const ttl = this.isAging ? ttlOf(lives, facts) : undefined
    const ttlMs = ttl?.ms ?? ttlMsOf(lives, facts)
    return { ttl, life: lifeOf(refresh, ttlMs, isAbsent) }
  }

  /** The life of what is in a slot or in memory, as this process sees it now. */
  now(life: Life, key: string): Life {
    const { refresh, lives } = this.#parts
    if (lives.activity === undefined || !this.#isHot(key)) return life
    return shortened(refresh, life, lives.activity.ttlMs)
  }

  phaseOf(life: Life, ageMs: number): Phase {
    return phaseOf(this.#parts.refresh, life, ageMs)
  }

  /** Notes what memory is going to keep, and says for how long. */
  keep(fid: string, stay: Stay): Span {
    const { lives, clock } = this.#parts
    const { life, ttl, bornMs, loadMs, earlyMs, fromMs = 0 } = stay
    const staleUntilMs = bornMs + life.lifeMs
    const softUntilMs = bornMs + life.softMs
    const halfMs = lives.access === undefined ? life.softMs : (fromMs + life.softMs) / 2
    const lookMs = bornMs + Math.min(halfMs, earlyMs)
    if (ttl === undefined) return { untilMs: softUntilMs, staleUntilMs }
    const hasNote = this.#notes.add(fid, { ttl, loadMs, overMs: staleUntilMs }, clock.now())
    return { untilMs: hasNote ? lookMs : softUntilMs, staleUntilMs }
  }

  /** How long an entry whose key has become active stays; undefined: as long as it would. */
  shorten(entry: HeldTimes, key: string): Span | undefined {
    const held = this.heldOf(entry)
    const life = this.now(held.life, key)
    if (life === held.life) return undefined
    const because = held.ttl?.because ?? [{ rule: 'stored', ms: held.life.softMs } as const]
    const step = { rule: 'activity', ms: life.softMs } as const
    const ttl = { ms: life.softMs, because: [...because, step] }
    const earlyMs = this.earlyMs(life, held.loadMs)
    const { bornMs } = entry
    return this.keep(entry.fid, { life, ttl, bornMs, loadMs: held.loadMs, earlyMs })
  }

  /** What is known of an entry of memory. */
  heldOf({ fid, bornMs, untilMs, staleUntilMs }: HeldTimes): {
    readonly life: Life
    readonly ttl: Ttl | undefined
    readonly loadMs: number
  } {
    const { ttl, loadMs = 0 } = this.#notes.of(fid) ?? {}
    const life = { softMs: ttl?.ms ?? untilMs - bornMs, lifeMs: staleUntilMs - bornMs }
    return { life, ttl, loadMs }
  }

  /** One draw of the age at which it is loaded anew although it is fresh. */
  earlyMs(life: Life, loadMs: number): number {
    const { refresh, chance } = this.#parts
    if (refresh.beta === 0) return life.softMs
    return earlyMsOf(refresh, life, { loadMs, unit: chance.unit() })
  }

  /** Why a value has its TTL, as far as its slot says; undefined: nobody asks. */
  storedTtl(written: Life, now: Life): Ttl | undefined {
    if (!this.isAging) return undefined
    const stored = { rule: 'stored', ms: written.softMs } as const
    if (now.softMs === written.softMs) return { ms: now.softMs, because: [stored] }
    return { ms: now.softMs, because: [stored, { rule: 'activity', ms: now.softMs }] }
  }

  #isHot(key: string): boolean {
    const { lives, clock } = this.#parts
    return lives.activity !== undefined && this.hot.isHot(key, clock.now())
  }
}
