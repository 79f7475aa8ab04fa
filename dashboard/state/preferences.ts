/** What this browser keeps for its reader. `theme.ts` reads the first two before all else. */
import { type Signal, signal } from '@preact/signals'

const themes = ['system', 'light', 'dark'] as const
const densities = ['airy', 'dense'] as const
const ranges = ['15m', '1h', '6h', '24h'] as const
const refreshes = ['2', '5', '15', '60'] as const
const switches = ['on', 'off'] as const

export type Range = (typeof ranges)[number]

interface Choices<T extends string> {
  readonly options: readonly T[]
  readonly start: T
  /** What follows when the reader chooses another one. */
  readonly apply?: (next: T) => void
}

/** One of a few words. Whoever reads its value hears of another one. */
export class Preference<T extends string> {
  readonly name: string
  readonly options: readonly T[]
  readonly #kept: Signal<T>
  readonly #apply: (next: T) => void

  constructor(name: string, { options, start, apply = () => {} }: Choices<T>) {
    this.name = name
    this.options = options
    this.#kept = signal(kept(name, options) ?? start)
    this.#apply = apply
  }

  get value(): T {
    return this.#kept.value
  }

  choose(next: T): void {
    this.#kept.value = next
    this.#apply(next)
    keep(this.name, next)
  }
}

export const theme = new Preference('theme', {
  options: themes,
  start: 'system',
  apply: (next) => {
    document.documentElement.dataset.theme = next
  },
})
export const density = new Preference('density', {
  options: densities,
  start: 'airy',
  apply: (next) => {
    document.documentElement.dataset.density = next
  },
})
export const startRange = new Preference('range', { options: ranges, start: '1h' })
/** Seconds between two questions for what the stream doesn't carry. */
export const refresh = new Preference('refresh', { options: refreshes, start: '5' })
/** Single letters as commands can be in the way of who speaks to their computer. */
export const shortcuts = new Preference('shortcuts', { options: switches, start: 'on' })

function kept<T extends string>(name: string, options: readonly T[]): T | undefined {
  try {
    const text = localStorage.getItem(`staleproof.${name}`)
    return options.find((value) => value === text)
  } catch {
    return undefined
  }
}

function keep(name: string, value: string): void {
  try {
    localStorage.setItem(`staleproof.${name}`, value)
  } catch {
    // Kept for as long as the page is open, then.
  }
}
