/** Installs promtool where a test run may do that, as `redis-install.ts` does with Redis. */
import { spawnSync } from 'node:child_process'
import { installPackage, mayInstall } from './redis-install.ts'

export const howToGetPromtool =
  'needs promtool on the PATH: "sudo apt-get install prometheus" or "brew install prometheus" ' +
  'enables it'

export function hasPromtool(): boolean {
  return spawnSync('promtool', ['--version']).status === 0
}

/** Says what it does, and never fails the run. */
export function ensurePromtool(say: (text: string) => void): void {
  if (hasPromtool() || !mayInstall()) return
  say('no promtool on the PATH: installing it (apt-get install -y prometheus)')
  const problem = installPackage('prometheus')
  if (problem === undefined) say('prometheus is installed; its service is not started')
  else say(`prometheus could not be installed (${problem}); tests that need it are skipped`)
}
