/** Accesses by whoever a listener says they are, instead of the warmer. */
import type { Access, AccessListener } from './access.ts'

/** `who` has read it; undefined: nobody knows. */
export type AttributedListener = (access: Access, who: string | undefined) => void

/** What is noted is there to say who has read; whoever knows that himself would see it twice. */
export function attributed(
  who: (() => string | undefined) | undefined,
  listener: AttributedListener,
): AccessListener {
  if (who === undefined) return (access) => listener(access, access.who)
  return (access) => {
    if (access.outcome !== undefined) listener(access, who())
  }
}
