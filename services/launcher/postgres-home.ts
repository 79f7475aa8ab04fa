/**
 * Where PostgreSQL's data and, if need be, its programs live: in the data folder of the
 * checkout, or in the system's temporary directory when the account that must run it is kept
 * out of the checkout (for instance one under /root). Data lives on between runs in both.
 */

import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, chownSync, lstatSync, mkdirSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Account, canReach } from './postgres-account.ts'

export interface PostgresHome {
  /** Holds `data`, `password` and, when they were copied, the programs. */
  readonly folder: string
  /** Why this is not in the checkout; `undefined` when it is. */
  readonly detour: string | undefined
}

/** The folder for data; `wanted` is made when missing and used if the account can reach it. */
export function postgresHome(wanted: string, account: Account | undefined): PostgresHome {
  mkdirSync(wanted, { recursive: true })
  if (account === undefined || canReach(account, wanted)) {
    return { folder: wanted, detour: undefined }
  }
  const folder = detourFolder(wanted, account)
  return { folder, detour: `the user "${account.name}" may not enter ${wanted}` }
}

/** A folder of ours that the account can reach, always the same one for the same `wanted`. */
export function detourFolder(wanted: string, account: Account): string {
  const digest = createHash('sha256').update(wanted).digest('hex')
  const name = `staleproof-postgres-${digest.slice(0, 12)}`
  const places = [tmpdir(), '/tmp', '/var/tmp']
  const place = places.find((candidate) => exists(candidate) && canReach(account, candidate))
  if (place === undefined) {
    throw new Error(`the user "${account.name}" can enter none of ${places.join(', ')}`)
  }
  const folder = join(place, name)
  mkdirSync(folder, { recursive: true })
  const found = lstatSync(folder)
  if (!found.isDirectory() || found.uid !== process.getuid?.()) {
    throw new Error(`${folder} belongs to somebody else: remove it, or set DATABASE_URL`)
  }
  // A strict umask would have kept the account out.
  chmodSync(folder, 0o755)
  return folder
}

/** Gives the folder, and all in it if it has another owner, to the account. */
export function giveTo(account: Account | undefined, folder: string): void {
  if (account === undefined || statSync(folder).uid === account.uid) return
  // The owner changes when a user "postgres" appears on a machine that had none before.
  const owner = `${account.uid}:${account.gid}`
  const answer = spawnSync('chown', ['-R', owner, folder], { encoding: 'utf8' })
  if (answer.status !== 0) chownSync(folder, account.uid, account.gid)
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined
}
