/**
 * Installs a native Redis where a test run may do that: on Debian and its kin, as root. The
 * package's own service is kept from starting; tests start their servers themselves.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { howToGetRedis, nativeRedis } from './native-redis.ts'

const stepDeadlineMs = 180_000
// Another installation may be under way.
const lockWait = '-oDPkg::Lock::Timeout=120'
const policyFile = '/usr/sbin/policy-rc.d'

/** Makes sure of a native server where it can; says what it does, and never fails the run. */
export function ensureNativeRedis(say: (text: string) => void): void {
  if (nativeRedis() !== undefined) return
  if (!mayInstall()) {
    say(`some tests are skipped: each ${howToGetRedis}`)
    return
  }
  say('no redis-server on the PATH: installing it (apt-get install -y redis-server)')
  const missing = 'installed, but not on the PATH'
  const problem = installPackage('redis-server') ?? (nativeRedis() ? undefined : missing)
  if (problem === undefined) say('redis-server is installed; its service is not started')
  else say(`redis-server could not be installed (${problem}); tests that need it are skipped`)
}

/** On Debian and its kin, as root. */
export function mayInstall(): boolean {
  return existsSync('/etc/debian_version') && process.getuid?.() === 0
}

/** What went wrong, if anything. The service of the package is not started. */
export function installPackage(name: string): string | undefined {
  const isPolicyOurs = forbidServiceStart()
  try {
    return (
      run('apt-get', ['update', '-q']) ?? run('apt-get', ['install', '-y', '-q', lockWait, name])
    )
  } finally {
    if (isPolicyOurs) rmSync(policyFile, { force: true })
    // A policy that was there before may have let it start, and it would start at boot. Where
    // there is no init system both of these do nothing.
    run('service', [name, 'stop'])
    run('update-rc.d', [name, 'disable'])
  }
}

/** Debian asks this file whether a freshly installed service may start; 101 says no. */
function forbidServiceStart(): boolean {
  if (existsSync(policyFile)) return false
  writeFileSync(policyFile, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  return true
}

/** What went wrong, if anything. */
function run(command: string, args: readonly string[]): string | undefined {
  const answer = spawnSync(command, args, {
    encoding: 'utf8',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    timeout: stepDeadlineMs,
  })
  if (answer.status === 0) return undefined
  const detail = answer.stderr?.trim().split('\n').at(-1) ?? ''
  return `${command} ${args[0]}: ${answer.error?.message ?? detail}`
}
