/** Work that is waited for so long and no longer; what it comes to later is not heard. */
import type { Clock } from '../core/contracts/clock.ts'

export interface Deadline {
  readonly clock: Clock
  readonly limitMs: number
  /** Called when the time is over; what it returns is what the wait rejects with. */
  readonly late: () => Error
}

export async function withDeadline<T>(
  work: Promise<T>,
  { clock, limitMs, late }: Deadline,
): Promise<T> {
  let stop: () => void = () => {}
  const over = new Promise<never>((_resolve, reject) => {
    const timer = clock.timer(limitMs, () => reject(late()))
    stop = () => timer.cancel()
  })
  try {
    return await Promise.race([work, over])
  } finally {
    stop()
  }
}
