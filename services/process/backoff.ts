/** How long to wait before the next attempt: doubling, bounded, and spread at random. */
export interface Backoff {
  readonly firstMs: number
  readonly maxMs: number
}

/** `attempt` counts from 0. The answer lies between half of the step and the whole of it. */
export function backoffMs({ firstMs, maxMs }: Backoff, attempt: number): number {
  const step = Math.min(maxMs, firstMs * 2 ** Math.min(attempt, 30))
  return step / 2 + (Math.random() * step) / 2
}
