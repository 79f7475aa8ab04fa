/** What this browser keeps for its reader. `theme.ts` reads the first two before all else. */
import { type Signal, signal } from '@preact/signals'

export const themes = ['system', 'light', 'dark'] as const
export const densities = ['airy', 'dense'] as const
export const ranges = ['15m', '1h', '6h', '24h'] as const
export const refreshes = ['2', '5', '15', '60'] as const
export const switches = ['on', 'off'] as const

export type Range = (typeof ranges)[number]

export const theme = preference('theme', themes, 'system')
export const density = preference('density', densities, 'airy')
export const startRange = preference('range', ranges, '1h')
/** Seconds between two questions for what the stream doesn't carry. */
export const refresh = preference('refresh', refreshes, '5')
/** Single letters as commands can be in the way of who speaks to their computer. */
export const shortcuts = preference('shortcuts', switches, 'on')

export function setTheme(next: (typeof themes)[number]): void {
  theme.value = next
  document.documentElement.dataset.theme = next
  keep('theme', next)
}

export function setDensity(next: (typeof densities)[number]): void {
  density.value = next
  document.documentElement.dataset.density = next
  keep('density', next)
}

export function setPreference<T extends string>(name: string, of: Signal<T>, next: T): void {
  of.value = next
  keep(name, next)
}

function preference<T extends string>(name: string, allowed: readonly T[], start: T): Signal<T> {
  try {
    const kept = localStorage.getItem(`staleproof.${name}`)
    return signal(allowed.find((value) => value === kept) ?? start)
  } catch {
    return signal(start)
  }
}

function keep(name: string, value: string): void {
  try {
    localStorage.setItem(`staleproof.${name}`, value)
  } catch {
    // Kept for as long as the page is open, then.
  }
}
