/** What `staleproof export` prints, by the command itself. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { typescriptArguments } from '../servers/processes.ts'

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))
const deadlineMs = 60_000

export function exported(...args: readonly string[]): string {
  const words = [...typescriptArguments, main, 'export', ...args]
  const options = { encoding: 'utf8', timeout: deadlineMs, maxBuffer: 16 * 1_048_576 } as const
  const { status, stdout, stderr } = spawnSync(process.execPath, words, options)
  if (status !== 0) throw new Error(`export ${args.join(' ')} ended with ${status}: ${stderr}`)
  return stdout
}
