/** Which cache a command is about. */
import { StaleproofError } from '../../core/errors.ts'
import { isName, NAME_EXPECTED } from '../../core/option-checks.ts'
import { type Inspection, namespacesOn } from '../../inspect/index.ts'

/**
 * `given`, or the only one there is; on these nodes alone, where not all answer. Throws
 * `SP_OPTION_INVALID`, which lists them.
 */
export async function namespaceOn(
  inspection: Inspection,
  given: string | undefined,
  answering?: readonly Inspection[],
): Promise<string> {
  if (given !== undefined) {
    if (isName(given)) return given
    const details = { expected: NAME_EXPECTED, received: `'${given}'` }
    throw new StaleproofError('SP_OPTION_INVALID', "option '--namespace'", details)
  }
  const found = await namespacesOn(inspection, answering)
  const [only] = found
  if (only !== undefined && found.length === 1) return only
  if (only === undefined) {
    throw new StaleproofError('SP_OPTION_INVALID', `no cache is at ${inspection.address}`, {
      expected: '--namespace NAME, if you know that there is one',
    })
  }
  const message = `several caches are at ${inspection.address}`
  const expected = `--namespace and one of ${found.join(', ')}`
  throw new StaleproofError('SP_OPTION_INVALID', message, { expected })
}
