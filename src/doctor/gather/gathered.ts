/** Reads that may be refused: each on its own, so that one ends nothing else. */
import type { Gathered } from '../facts.ts'
import { Missing } from '../missing.ts'
import { reasonOf } from './context.ts'

/** What it resolves to, or why it does not. */
export async function gathered<T>(read: () => Promise<T>): Promise<Gathered<T>> {
  try {
    return { value: await read() }
  } catch (error) {
    const isMoot = error instanceof Missing && error.status === 'moot'
    return { missing: reasonOf(error), ...(isMoot && { isMoot }) }
  }
}

/** Where it is missing, so is what is read by it. */
export function needed<T>({ value, missing = '', isMoot }: Gathered<T>): T {
  if (value !== undefined) return value
  throw new Missing(isMoot ? 'moot' : 'skipped', missing)
}
