/** Decisions by chance. */
import { systemChance } from '../../system.ts'

/** A whole number below `count`. */
export function below(count: number): number {
  return Math.floor(systemChance.unit() * count)
}

export function between(low: number, high: number): number {
  return low + systemChance.unit() * (high - low)
}

export function happens(probability: number): boolean {
  return systemChance.unit() < probability
}

export function pick<T>(choices: readonly T[]): T {
  const choice = choices[below(choices.length)]
  if (choice === undefined) throw new RangeError('expected something to choose from')
  return choice
}

export function shuffled<T>(things: readonly T[]): T[] {
  const order = things.map((thing) => [systemChance.unit(), thing] as const)
  return order.sort(([left], [right]) => left - right).map(([, thing]) => thing)
}
