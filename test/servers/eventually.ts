/** Waiting in tests: for a condition of the outside world that raises no event, with a deadline. */
import { setTimeout as wait } from 'node:timers/promises'

const pauseMs = 10

/** Asks until the answer is true; throws after the deadline, naming what was waited for. */
export async function eventually(
  what: string,
  isTrue: () => boolean | Promise<boolean>,
  deadlineMs = 10_000,
): Promise<void> {
  const deadline = performance.now() + deadlineMs
  while (!(await isTrue())) {
    if (performance.now() > deadline) throw new Error(`not within ${deadlineMs} ms: ${what}`)
    await wait(pauseMs)
  }
}
