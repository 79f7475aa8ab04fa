/** The built library and its page, built now if their sources are newer than they are. */
import { spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { checkout, isTest, sourceFiles } from '../tidy/source-files.ts'

const buildDeadlineMs = 120_000

/** Throws with what the compiler said if it can't be built. */
export function ensureBuilt(): void {
  const builtMs = modifiedMs('dist/index.js') && modifiedMs('dist/.tsbuildinfo')
  const pageMs = modifiedMs('dist/dashboard/index.html')
  const sources = sourceFiles().filter((file) => /^(src|dashboard)\//.test(file.path))
  const changed = sources
    .filter((file) => !isTest(file))
    .find(({ path }) => modifiedMs(path) > (path.startsWith('src/') ? builtMs : pageMs))
  if (changed === undefined) return
  const why = builtMs === 0 ? 'dist is missing' : `${changed.path} is newer than dist`
  console.log(`test/package: ${why}; building it with npm run build`)
  const { status, stdout, stderr } = spawnSync('npm', ['run', 'build'], {
    cwd: checkout,
    encoding: 'utf8',
    timeout: buildDeadlineMs,
  })
  if (status !== 0) throw new Error(`${why}, and npm run build failed:\n${stdout}${stderr}`)
}

/** Zero for what does not exist. */
function modifiedMs(path: string): number {
  return statSync(join(checkout, path), { throwIfNoEntry: false })?.mtimeMs ?? 0
}
