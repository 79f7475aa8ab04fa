/** The command `staleproof replay` on all traces, as anybody would call it. */
import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

export interface Replayed {
  readonly results: readonly Cell[]
  readonly curves?: readonly Curve[]
}

export interface Cell {
  readonly trace: string
  readonly policy: 'lru' | 'own' | 'opt'
  readonly fraction: number
  readonly capacity: number
  readonly hitRatio: number
}

export interface Curve {
  readonly trace: string
  readonly error: { readonly sampled: number; readonly inUse: number }
  readonly sampledKeys: number
  readonly toldShare: number
  readonly points: readonly Point[]
}

export interface Point {
  readonly entries: number
  readonly exact: number
  readonly sampled: number
}

const outputBytesMax = 16 * 1_024 * 1_024
const waitMsMax = 600_000

export async function replayTraces(...flags: readonly string[]): Promise<Replayed> {
  const root = dirname(fileURLToPath(import.meta.resolve('staleproof/package.json')))
  const folder = join(root, 'bench', 'traces')
  const traces = readdirSync(folder).filter((name) => name.endsWith('.gz'))
  const words = [...traces.map((name) => join(folder, name)), '--json', ...flags]
  const program = [join(root, 'dist', 'cli', 'main.js'), 'replay', ...words]
  const limits = { maxBuffer: outputBytesMax, timeout: waitMsMax }
  const { stdout } = await promisify(execFile)(process.execPath, program, limits)
  const replayed: Replayed = JSON.parse(stdout)
  return replayed
}
