/** Waiting in the command. */
import { hostMs, systemClock } from '../../system.ts'

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => systemClock.timer(ms, resolve))
}

/** Settles as the promise does, or rejects when it takes too long. */
export async function within<T>(promise: Promise<T>, ms: number, what: string): Promise<T> {
  let timer: { cancel(): void } | undefined
  const late = new Promise<never>((_, reject) => {
    const error = new Error(`no answer within ${ms} ms: ${what}`)
    timer = systemClock.timer(ms, () => reject(error))
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    timer?.cancel()
  }
}

/** Asks until the answer is true; false when the deadline has passed. */
export async function until(
  isTrue: () => boolean | Promise<boolean>,
  deadlineMs: number,
): Promise<boolean> {
  const endMs = hostMs() + deadlineMs
  while (!(await isTrue())) {
    if (hostMs() > endMs) return false
    await pause(askEveryMs)
  }
  return true
}

const askEveryMs = 20
