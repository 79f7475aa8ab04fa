/**
 * Loads the catalog that a shell asks for, in a process of its own: whatever the module does, it
 * can be ended. What is found goes to the parent, and not to stdout, where the module talks.
 */
import { isStaleproofError } from '../../core/errors.ts'
import { catalogIn } from '../connection/catalog-file.ts'

/** What `catalogIn` has rejected with. */
export interface Refusal {
  readonly expected?: string | undefined
  readonly received?: string | undefined
}

/** What the parent is told. */
export type Told = { readonly names: readonly string[] } | { readonly refusal: Refusal }

const [, , path = ''] = process.argv
process.send?.(await toldOf(path))

async function toldOf(named: string): Promise<Told> {
  try {
    return { names: [...(await catalogIn(named)).compiled.keys()] }
  } catch (error) {
    if (!isStaleproofError(error)) throw error
    return { refusal: { expected: error.expected, received: error.received } }
  }
}
