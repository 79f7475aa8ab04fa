import type { Clock } from '../core/contracts/clock.ts'

/** Resolves after the time, or as soon as the signal fires; never rejects. */
export function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const end = (): void => {
      timer.cancel()
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = clock.timer(ms, end, 'background')
    signal.addEventListener('abort', end)
  })
}
