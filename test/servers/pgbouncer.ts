/** A real pooler before a test's database: PgBouncer, where it is installed. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { describe } from 'vitest'
import { freePort } from '../../services/launcher/ports.ts'
import { postgresAccount } from '../../services/launcher/postgres-account.ts'
import { eventually } from './eventually.ts'
import { hasPgbouncer, howToGetPgbouncer } from './pgbouncer-install.ts'

export interface TestPooler {
  /** The same database, through the pooler. */
  readonly url: string
  stop(): Promise<void>
}

export type PoolMode = 'transaction' | 'session' | 'statement'

/** `describe` where there is a pooler; elsewhere its tests are reported as skipped. */
export const describeWithPgbouncer: ReturnType<typeof describe.skipIf> = visiblySkipped()

/** Starts a pooler on a port of its own and resolves once it answers. */
export async function startPgbouncer(url: string, mode: PoolMode): Promise<TestPooler> {
  const folder = mkdtempSync(join(tmpdir(), 'staleproof-pgbouncer-'))
  // Started by root it runs as another user, who must be able to enter.
  chmodSync(folder, 0o755)
  const [port, account] = [await freePort(), postgresAccount()]
  writeSettings(folder, { url, mode, port })
  const child = spawn('pgbouncer', ['-q', join(folder, 'pgbouncer.ini')], {
    ...(account && { uid: account.uid, gid: account.gid }),
    stdio: 'ignore',
  })
  const ended = once(child, 'exit')
  const pooled = new URL(url)
  pooled.port = String(port)
  await eventually('pgbouncer to answer', () => answers(pooled.href))
  return {
    url: pooled.href,
    stop: async () => {
      child.kill('SIGKILL')
      await ended
      rmSync(folder, { recursive: true })
    },
  }
}

interface Settings {
  readonly url: string
  readonly mode: PoolMode
  readonly port: number
}

function writeSettings(folder: string, { url, mode, port }: Settings): void {
  const { hostname, port: serverPort, username, password } = new URL(url)
  const users = join(folder, 'users.txt')
  writeFileSync(users, `"${username}" "${password}"\n`, { mode: 0o644 })
  const lines = [
    '[databases]',
    `* = host=${hostname} port=${serverPort}`,
    '[pgbouncer]',
    'listen_addr = 127.0.0.1',
    `listen_port = ${port}`,
    'unix_socket_dir =',
    'auth_type = plain',
    `auth_file = ${users}`,
    `pool_mode = ${mode}`,
  ]
  writeFileSync(join(folder, 'pgbouncer.ini'), `${lines.join('\n')}\n`)
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query('select 1')
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => {})
  }
}

function visiblySkipped(): ReturnType<typeof describe.skipIf> {
  const isMissing = !hasPgbouncer()
  if (isMissing) console.warn(`skipped: ${howToGetPgbouncer}`)
  return describe.skipIf(isMissing)
}
