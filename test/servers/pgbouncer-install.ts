/** Installs PgBouncer where a test run may do that, as `redis-install.ts` does with Redis. */
import { spawnSync } from 'node:child_process'
import { installPackage, mayInstall } from './redis-install.ts'

export const howToGetPgbouncer =
  'needs pgbouncer on the PATH: "sudo apt-get install pgbouncer" enables it'

export function hasPgbouncer(): boolean {
  return spawnSync('pgbouncer', ['--version']).status === 0
}

/** Says what it does, and never fails the run. */
export function ensurePgbouncer(say: (text: string) => void): void {
  if (hasPgbouncer() || !mayInstall()) return
  say('no pgbouncer on the PATH: installing it (apt-get install -y pgbouncer)')
  const problem = installPackage('pgbouncer')
  if (problem === undefined) say('pgbouncer is installed; its service is not started')
  else say(`pgbouncer could not be installed (${problem}); tests that need it are skipped`)
}
