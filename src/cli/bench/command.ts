/** `staleproof bench`: the benchmark of the repository, where its checkout is. */
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Call } from '../command.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { isSet } from '../flags.ts'

/** The benchmark measures peers, which no user of the package should have to install. */
export async function bench({ args, flags, terminal, onSignal }: Call): Promise<ExitCode> {
  const root =
    checkoutAbove(process.cwd()) ?? checkoutAbove(dirname(fileURLToPath(import.meta.url)))
  if (root === undefined) {
    terminal.say(
      'the benchmark is in the repository, not in the package: clone it, `npm ci`, and call this ' +
        'there. What it measured last is in docs/benchmarks.md.',
    )
    return exitCodes.incomplete
  }
  const only = args.flatMap((scenario) => ['--only', scenario])
  const given = [...(isSet(flags, 'full') ? [] : ['--quick']), ...only]
  terminal.note(`npm run bench -- ${given.join(' ')}  (in ${root})`)
  const child = spawn('npm', ['run', 'bench', '--', ...given], { cwd: root, stdio: 'inherit' })
  let isEnded = false
  // The terminal has told the child too.
  onSignal(() => {
    isEnded = true
    child.kill('SIGTERM')
  })
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (isEnded) return exitCodes.interrupted
  if (code === exitCodes.fine || code === exitCodes.usage) return code
  return exitCodes.incomplete
}

function checkoutAbove(folder: string): string | undefined {
  if (existsSync(join(folder, 'bench', 'main.ts')) && isOurs(join(folder, 'package.json'))) {
    return folder
  }
  const above = dirname(folder)
  return above === folder ? undefined : checkoutAbove(above)
}

function isOurs(path: string): boolean {
  if (!existsSync(path)) return false
  const { name }: { readonly name?: unknown } = JSON.parse(readFileSync(path, 'utf8'))
  return name === 'staleproof'
}
