/**
 * A memory that watches how its families are used and tells, or sees to it, how they should
 * divide its bytes. Every half minute, driven by the sweeps of the beats, so there is no timer.
 *
 * Shares matter only when room is short: as long as nothing had to go for lack of it, there is
 * nothing to advise. A family that was too little used to be judged keeps what it has.
 */
import type { Chance } from '../../core/contracts/clock.ts'
import type {
  IdKind,
  Memory,
  MemoryStats,
  Region,
  SizePoint,
  SizingStats,
} from '../../core/contracts/memory.ts'
import { UseSampler } from '../curve/use-sampler.ts'
import { curveOf, type Demand, type Plan, planOf } from './plan.ts'

export interface SizingOptions {
  readonly bytesMax: number
  readonly entriesMax: number
  /** `advise`: nothing is moved. */
  readonly mode: 'advise' | 'apply'
}

const everyMs = 30_000
/** What is ten minutes old counts half. */
const fadeFactor: number = 0.5 ** (everyMs / 600_000)
/** Their curve is known to some points then. */
const samplesMin = 200

interface Watched {
  readonly region: Region
  readonly sampler: UseSampler
}

export class SizedMemory implements Memory {
  readonly #memory: Memory
  readonly #options: SizingOptions
  readonly #chance: Pick<Chance, 'unit'>
  readonly #watched = new Map<string, Watched>()
  #plan: Plan = { gain: 0, families: [] }
  #curve: readonly SizePoint[] = []
  #evictions = 0
  #nextMs: number | undefined

  constructor(memory: Memory, options: SizingOptions, chance: Pick<Chance, 'unit'>) {
    this.#memory = memory
    this.#options = options
    this.#chance = chance
  }

  region(family: string, ids?: IdKind): Region {
    const region = this.#memory.region(family, ids)
    if (!this.#watched.has(family)) {
      const sampler = new UseSampler(this.#chance)
      region.observe(sampler)
      this.#watched.set(family, { region, sampler })
    }
    return region
  }

  share(family: string, bytes: number | undefined): void {
    this.#memory.share(family, bytes)
  }

  sweep(nowMs: number): void {
    this.#memory.sweep(nowMs)
    this.#nextMs ??= nowMs + everyMs
    if (nowMs < this.#nextMs) return
    this.#nextMs = nowMs + everyMs
    this.#judge()
  }

  stats(): MemoryStats {
    return { ...this.#memory.stats(), sizing: this.#sizing() }
  }

  #sizing(): SizingStats {
    const { gain, families } = this.#plan
    const advised = families.map(({ name, bytes, bytesBest, gain: own }) => {
      return [name, { bytes, bytesAdvised: bytesBest, gain: own }] as const
    })
    return {
      mode: this.#options.mode,
      gain,
      families: Object.fromEntries(advised),
      curve: this.#curve,
    }
  }

  #judge(): void {
    const { evictions } = this.#memory.stats()
    const forRoom = evictions.bytes + evictions.entries
    const isShort = forRoom > this.#evictions
    this.#evictions = forRoom
    const demands = isShort ? this.#demands() : []
    this.#plan = planOf(demands)
    this.#curve = curveOf(demands)
    for (const { sampler } of this.#watched.values()) sampler.fade(fadeFactor)
    if (this.#options.mode === 'advise') return
    for (const { name, bytes, bytesNext } of this.#plan.families) {
      if (bytesNext !== bytes) this.#memory.share(name, bytesNext)
    }
  }

  #demands(): readonly Demand[] {
    const { bytesMax, entriesMax } = this.#options
    const demands: Demand[] = []
    for (const [name, { region, sampler }] of this.#watched) {
      const { count, bytes } = region
      if (count === 0 || sampler.samples < samplesMin) continue
      // Where the bound in entries is reached first, it is divided as the bytes are.
      const bytesPerEntry = Math.max(bytes / count, bytesMax / entriesMax)
      demands.push({ name, bytes, bytesPerEntry, uses: sampler.uses, curve: sampler.curve() })
    }
    return demands
  }
}
