/**
 * A launcher that was killed leaves its PostgreSQL running, and that server holds the data
 * folder. Its `postmaster.pid` names it. It is ended only when its command line says that it
 * serves this very folder and no living launcher has it: a file may be stale, a process id
 * reused, a checkout copied while it ran.
 */
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { processCommand, processIdentity } from './process-identity.ts'
import { endProcess, livingOwnerOf } from './run-record.ts'

/** Ends the orphan; returns its id, or `undefined` when there was none. */
export async function endOrphan(
  dataFolder: string,
  recordFolder: string,
): Promise<number | undefined> {
  const path = join(dataFolder, 'postmaster.pid')
  const pid = readPid(path)
  if (pid === undefined) return undefined
  const identity = processIdentity(pid)
  const isOurs = processCommand(pid).includes(`-D ${dataFolder} `)
  if (identity === undefined || !isOurs) {
    // PostgreSQL would refuse to start if the id now belongs to another process of this user.
    rmSync(path, { force: true })
    return undefined
  }
  const owner = livingOwnerOf(recordFolder, pid)
  if (owner !== undefined) {
    throw new Error(
      `the database in ${dataFolder} is in use by another launcher (process ${owner}): ` +
        'end that one, or set DATABASE_URL to another PostgreSQL',
    )
  }
  await endProcess({ pid, identity, stopSignal: 'SIGINT' })
  return pid
}

function readPid(path: string): number | undefined {
  try {
    const pid = Number(readFileSync(path, 'utf8').split('\n')[0])
    return Number.isInteger(pid) && pid > 1 ? pid : undefined
  } catch {
    return undefined
  }
}
