/** The names of families in a catalog that may do anything: it has so long, and is then ended. */
import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { Deferred } from '../../base/deferred.ts'
import { StaleproofError } from '../../core/errors.ts'
import { systemClock } from '../../system.ts'
import type { Refusal, Told } from './catalog-worker.ts'

/** Somebody waits for it in the middle of a line. The start of a process is within it. */
export const catalogMsMax = 2_000

/** The file beside this one, from source or built. */
const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
const file: string = fileURLToPath(new URL(`./catalog-worker.${extension}`, import.meta.url))
/** With a group of its own, all that the catalog has started can be ended with it. */
const hasGroups = process.platform !== 'win32'
const expectedModule = 'a module that exports what defineCatalog returns'

/** Undefined: not in time. Rejects with `SP_OPTION_INVALID`; nothing of it runs afterwards. */
export async function familiesIn(path: string): Promise<readonly string[] | undefined> {
  const child = spawn(process.execPath, [...process.execArgv, file, path], {
    // Every line of our stdout is taken for a name: what the module prints goes to stderr.
    stdio: ['ignore', 2, 2, 'ipc'],
    detached: hasGroups,
    windowsHide: true,
  })
  const end = (): void => endWithGroup(child)
  // Whoever types goes on before it is there.
  process.once('exit', end)
  const found = new Deferred<readonly string[] | undefined>()
  const timer = systemClock.timer(catalogMsMax, () => found.resolve(undefined))
  child.once('message', (told: Told) => {
    if ('names' in told) found.resolve(told.names)
    else found.reject(invalid(path, told.refusal))
  })
  child.once('error', (cause) => found.reject(invalid(path, { received: cause.message })))
  child.once('exit', (code, signal) => {
    const received = `a process that ended with ${signal ?? code} before it was loaded`
    found.reject(invalid(path, { received }))
  })
  try {
    return await found.promise
  } finally {
    timer.cancel()
    end()
    process.off('exit', end)
  }
}

function endWithGroup(child: ChildProcess): void {
  const { pid } = child
  if (pid === undefined) return
  try {
    if (hasGroups) process.kill(-pid, 'SIGKILL')
    else child.kill('SIGKILL')
  } catch {
    // Nobody of it is left.
  }
}

function invalid(path: string, { expected = expectedModule, received }: Refusal): StaleproofError {
  return new StaleproofError('SP_OPTION_INVALID', `the catalog in ${path}`, { expected, received })
}
