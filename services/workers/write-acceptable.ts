/**
 * Writes many rows of which PostgreSQL may refuse some for what is in them: those are found by
 * halving and left out, so that one of them keeps no other from being written. What fails for
 * another reason fails as a whole.
 */
import { errorChain } from '../process/error-chain.ts'

export interface Refused<T> {
  readonly item: T
  readonly error: unknown
}

/** Returns those that were refused. Each call of `write` stands or falls as one transaction. */
export async function writeAcceptable<T>(
  items: readonly T[],
  write: (items: readonly T[]) => Promise<void>,
): Promise<readonly Refused<T>[]> {
  try {
    await write(items)
    return []
  } catch (error) {
    if (!isForItsData(error)) throw error
    if (items.length < 2) return items.map((item) => ({ item, error }))
    const middle = Math.ceil(items.length / 2)
    const first = await writeAcceptable(items.slice(0, middle), write)
    return [...first, ...(await writeAcceptable(items.slice(middle), write))]
  }
}

/** Classes of PostgreSQL: data that a type can't hold, and data that a constraint forbids. */
const ofData = /^(22|23)[0-9A-Z]{3}$/

function isForItsData(error: unknown): boolean {
  for (const one of errorChain(error)) {
    if ('code' in one && typeof one.code === 'string' && ofData.test(one.code)) return true
  }
  return false
}
