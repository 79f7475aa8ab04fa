/** A run of `staleproof doctor` as a process of its own, and what it says that it has sent. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface Examination {
  readonly durationMs: number
  readonly keysSampled: number
  /** By command: `config|get`. */
  readonly commands: Readonly<Record<string, number>>
}

const program = join(
  dirname(fileURLToPath(import.meta.resolve('staleproof/package.json'))),
  'dist',
  'cli',
  'main.js',
)

export async function examine(redisUrl: string, options: readonly string[]): Promise<Examination> {
  const words = ['doctor', '--redis', redisUrl, '--format', 'json', '--fail-on', 'none', ...options]
  const child = spawn(process.execPath, [program, ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part
  })
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`staleproof doctor ended with ${code}`)
  const report: unknown = JSON.parse(text)
  if (!isExamination(report)) throw new Error('the doctor wrote no report')
  return report
}

function isExamination(value: unknown): value is Examination {
  if (typeof value !== 'object' || value === null) return false
  return 'durationMs' in value && 'keysSampled' in value && 'commands' in value
}
