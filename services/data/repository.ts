// Where the repository is. The services run compiled (`.build/services/…`) and as source (tests),
// so files that are not compiled (recordings, web pages) are found from the root of the package,
// the nearest folder above that holds a `package.json`, never from the folder of the code.
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of the nearest `package.json` above this module; throws if there is none. */
export function repositoryRoot(from: string = import.meta.url): string {
  let folder = dirname(fileURLToPath(from))
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder)
    if (parent === folder) {
      throw new Error(
        `expected a package.json in a folder above ${fileURLToPath(from)}, found none`,
      )
    }
    folder = parent
  }
  return folder
}

/** The folder of the recorded markets and quotes that the repository ships. */
export function recordedDataFolder(): string {
  return join(repositoryRoot(), 'services', 'data')
}

/** The folder of its products; not one of files for `UPSTREAM_DATA`. */
export function productDataFolder(): string {
  return join(recordedDataFolder(), 'products')
}
