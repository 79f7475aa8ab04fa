/** Where test servers are recorded, so that those of a killed run are ended by the next one. */
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const runFolder: string = join(tmpdir(), `staleproof-test-runs-${process.getuid?.() ?? ''}`)
