/** Accesses by whoever a listener says they are, instead of the warmer. */
import type { AccessListener } from './access.ts'

/** What is noted is there to say who has read; whoever knows that himself would see it twice. */
export function attributed(
  who: (() => string | undefined) | undefined,
  listener: AccessListener,
): AccessListener {
  if (who === undefined) return listener
  return (access) => {
    if (access.outcome !== undefined) listener({ ...access, who: who() })
  }
}
