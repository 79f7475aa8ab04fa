/**
 * Chance that one number decides (mulberry32): the same seed gives the same tokens and
 * fractions in the same order.
 */
import type { Chance } from '../core/contracts/clock.ts'

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const tokenChars = 16
/** A token takes five digits of six bits from each number. */
const digitsPerNumber = 5

export class SeededChance implements Chance {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
    // Neighbouring seeds begin far apart.
    this.#state = Math.imul(this.#number() ^ seed, 0x9e3779b1) >>> 0
  }

  token(): string {
    let token = ''
    let [number, left] = [0, 0]
    while (token.length < tokenChars) {
      if (left === 0) [number, left] = [this.#number(), digitsPerNumber]
      token += digits.charAt(number & 63)
      number >>>= 6
      left--
    }
    return token
  }

  unit(): number {
    return this.#number() / 2 ** 32
  }

  /** A whole number below `count`. */
  below(count: number): number {
    return Math.floor(this.unit() * count)
  }

  between(low: number, high: number): number {
    return low + this.unit() * (high - low)
  }

  happens(probability: number): boolean {
    return this.unit() < probability
  }

  pick<T>(choices: readonly T[]): T {
    const choice = choices[this.below(choices.length)]
    if (choice === undefined) throw new RangeError('expected something to choose from')
    return choice
  }

  /** Another one that goes its own way from here. */
  branch(): SeededChance {
    return new SeededChance(this.#number())
  }

  #number(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = this.#state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
}
