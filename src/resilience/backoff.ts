/** Pauses that double from a first to a longest one. */
export interface Pauses {
  readonly firstMs: number
  readonly mostMs: number
}

/** The pause after so many failures in a row, of which the first is 1. */
export function backoffMs({ firstMs, mostMs }: Pauses, failures: number): number {
  return Math.min(mostMs, firstMs * 2 ** Math.max(0, failures - 1))
}
