/** Finds a Chromium for the tests of the page, and installs one as `redis-install.ts` does. */
import { accessSync, constants } from 'node:fs'
import { join } from 'node:path'
import { installPackage, mayInstall } from './redis-install.ts'

export const howToGetChromium =
  'needs chromium on the PATH: ' +
  '"sudo apt-get install chromium" or "brew install chromium" enables it'

const names = ['chromium', 'chromium-browser', 'google-chrome']

/** The path of a browser; `undefined` when there is none. */
export function findChromium(): string | undefined {
  const folders = (process.env.PATH ?? '').split(':').filter((folder) => folder !== '')
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find(isExecutable)
}

/** Says what it does, and never fails the run. */
export function ensureChromium(say: (text: string) => void): void {
  if (findChromium() !== undefined || !mayInstall()) return
  say('no chromium on the PATH: installing it (apt-get install -y chromium)')
  const problem = installPackage('chromium')
  if (problem === undefined) say('chromium is installed')
  else say(`chromium could not be installed (${problem}); tests that need it are skipped`)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
