/** Finds modules next to this one, as built (`.js`) or from source (`.ts`, under a loader). */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = fileURLToPath(import.meta.url)
const extension = here.endsWith('.ts') ? '.ts' : '.js'

/** The path of a module, `name` without extension and relative to the launcher's folder. */
export function siblingModule(name: string): string {
  return join(dirname(here), `${name}${extension}`)
}

/** The main module of a service in a folder of services; throws when it was not built. */
export function serviceModule(serviceFolder: string, name: string): string {
  for (const candidate of ['main.js', 'main.ts', 'main.mjs']) {
    const path = join(serviceFolder, name, candidate)
    if (existsSync(path)) return path
  }
  throw new Error(`the service "${name}" has no main module in ${join(serviceFolder, name)}`)
}

/** The folder of services that this launcher belongs to. */
export const ownServiceFolder = dirname(dirname(here))

/** The nearest folder above that has a package.json. */
export function packageFolder(): string {
  let folder = dirname(here)
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder)
    if (parent === folder) throw new Error(`no package.json in any folder above ${here}`)
    folder = parent
  }
  return folder
}
