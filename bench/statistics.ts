/** The few numbers that rounds are summed up in. */

export interface Spread {
  readonly median: number
  readonly min: number
  readonly max: number
}

/** What one contestant did in one round. */
export interface Turn {
  readonly operations: number
  readonly cpuMicros: number
  readonly wallMs: number
}

/** Of at least one number. */
export function meanOf(numbers: readonly number[]): number {
  let sum = 0
  for (const number of numbers) sum += number
  return sum / numbers.length
}

/** Throws a `RangeError` when there are no numbers. */
export function medianOf(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const [below, above] = [sorted[middle - 1], sorted[middle]]
  if (above === undefined) throw new RangeError('expected at least one number')
  return sorted.length % 2 === 1 || below === undefined ? above : (below + above) / 2
}

/** The nearest rank: a number of the list. `share` from 0 to 1. Throws a `RangeError`. */
export function percentileOf(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  const found = sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)]
  if (found === undefined) throw new RangeError('expected at least one number')
  return found
}

export function spreadOf(numbers: readonly number[]): Spread {
  return { median: medianOf(numbers), min: Math.min(...numbers), max: Math.max(...numbers) }
}

export function cpuMicrosPerOperation(turn: Turn): number {
  return turn.cpuMicros / turn.operations
}

export function operationsPerSecond(turn: Turn): number {
  return turn.operations / (turn.wallMs / 1_000)
}

/**
 * How many times the CPU of another one needed: the spread over the rounds of the ratio
 * within each round, so that what disturbed a whole round cancels out. Turns are aligned
 * by round.
 */
export function ratioOf(turns: readonly Turn[], others: readonly Turn[]): Spread {
  if (turns.length !== others.length) {
    throw new RangeError(`expected as many turns of both, got ${turns.length}, ${others.length}`)
  }
  return spreadOf(
    turns.map((turn, round) => {
      const other = others[round]
      if (other === undefined) throw new RangeError(`expected a turn in round ${round}`)
      return cpuMicrosPerOperation(turn) / cpuMicrosPerOperation(other)
    }),
  )
}
