/**
 * The wall clock of a worker, which can be made to jump: libfaketime, loaded into the process,
 * reads from a file by how much it is wrong. The monotonic clock is left alone.
 */
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const roots = ['/usr/lib', '/usr/local/lib', '/opt/homebrew/lib']
const file = 'faketime/libfaketimeMT.so.1'

export class WallClock {
  /** The command that runs another with this clock. */
  readonly wrapper: readonly string[]
  readonly #path: string

  /** Undefined where the library is not installed. */
  static in(folder: string, name: string): WallClock | undefined {
    const library = roots.flatMap(candidates).find((path) => existsSync(path))
    return library === undefined ? undefined : new WallClock(join(folder, name), library)
  }

  private constructor(path: string, library: string) {
    this.#path = path
    this.wrapper = [
      'env',
      `LD_PRELOAD=${library}`,
      `FAKETIME_TIMESTAMP_FILE=${path}`,
      'FAKETIME_NO_CACHE=1',
      'FAKETIME_DONT_FAKE_MONOTONIC=1',
    ]
    this.set(0)
  }

  /** From now on it is wrong by so much. */
  set(offsetSeconds: number): void {
    writeFileSync(this.#path, `${offsetSeconds < 0 ? '' : '+'}${offsetSeconds}s\n`)
  }
}

/** In the root itself, or in the folder of an architecture. */
function candidates(root: string): readonly string[] {
  if (!existsSync(root)) return []
  const folders = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  return [root, ...folders.map(({ name }) => join(root, name))].map((folder) => join(folder, file))
}
