/**
 * PostgreSQL refuses to run as root. Started by root, it runs as the user `postgres`, or as
 * `nobody` where there is none: no user is created on anybody's machine. Such an account can't
 * enter a private folder (0700, as /root), which is what `canReach` finds out beforehand.
 */
import { spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { dirname } from 'node:path'

export interface Account {
  readonly name: string
  readonly uid: number
  readonly gid: number
}

/** The account to run as; `undefined` when this process is not root and runs it as itself. */
export function postgresAccount(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined
  const account = lookUp('postgres') ?? lookUp('nobody')
  if (account !== undefined) return account
  throw new Error(
    'PostgreSQL does not run as root, and there is no user "postgres" or "nobody" to run it ' +
      'as: run as another user, or set DATABASE_URL to a PostgreSQL that runs',
  )
}

/** Whether the account may enter the folder `path`: every folder on the way must let it in. */
export function canReach(account: Account, path: string): boolean {
  const { uid, gid, mode } = statSync(path)
  const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001
  if ((mode & bit) === 0) return false
  const parent = dirname(path)
  return parent === path || canReach(account, parent)
}

function lookUp(name: string): Account | undefined {
  const [uid, gid] = [id('-u', name), id('-g', name)]
  return uid === undefined || gid === undefined ? undefined : { name, uid, gid }
}

function id(option: '-u' | '-g', name: string): number | undefined {
  const answer = spawnSync('id', [option, name], { encoding: 'utf8' })
  const value = Number.parseInt(answer.stdout ?? '', 10)
  return answer.status === 0 && Number.isInteger(value) ? value : undefined
}
