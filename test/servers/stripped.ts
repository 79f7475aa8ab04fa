/** What the loader of TypeScript keeps for the processes that tests start: of today alone. */
import { readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('../../.build/stripped', import.meta.url))
const keptMsMax = 24 * 3_600_000

/** Each edit of a file leaves a text behind; who needs an old one makes it again. */
export function forgetStripped(): void {
  const before = Date.now() - keptMsMax
  for (const name of names()) {
    const path = join(folder, name)
    const madeMs = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? before
    if (madeMs < before) rmSync(path, { force: true })
  }
}

function names(): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
