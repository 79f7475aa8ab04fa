/** `staleproof completion SHELL`, and what its scripts ask while somebody types. */
import { Deferred } from '../../base/deferred.ts'
import type { Catalog, Families } from '../../core/catalog.ts'
import { StaleproofError } from '../../core/errors.ts'
import { systemClock } from '../../system.ts'
import type { Call } from '../command.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { textIn } from '../flags.ts'
import { completionFor, shells } from './scripts.ts'

/** Somebody waits for it in the middle of a line. */
const catalogMsMax = 1_000
/** What looks like a catalog may call its families anything; to a shell this is only a word. */
const plainName = /^[A-Za-z][\w-]*$/

export async function completion(call: Call): Promise<ExitCode> {
  const [name = ''] = call.args
  if (name === 'families') return printFamilies(call)
  const shell = shells.find((one) => one === name)
  if (shell === undefined) {
    const details = { expected: `${shells.join(', ')}, or families`, received: name }
    throw new StaleproofError('SP_OPTION_INVALID', 'completion: the shell', details)
  }
  call.terminal.print(completionFor(shell, call.commands))
  return exitCodes.fine
}

async function printFamilies({ flags, terminal }: Call): Promise<ExitCode> {
  const file = textIn(flags, 'catalog')
  if (file === undefined) {
    const details = { expected: '--catalog FILE, its variable, or --config FILE' }
    throw new StaleproofError('SP_OPTION_INVALID', 'completion: no catalog is named', details)
  }
  const catalog = await inTime(withoutItsTalk(() => catalogOf(file)))
  if (catalog === undefined) {
    terminal.say(`completion: the catalog in ${file} was not there within ${catalogMsMax} ms`)
    return exitCodes.found
  }
  terminal.print([...catalog.compiled.keys()].filter((name) => plainName.test(name)).sort())
  return exitCodes.fine
}

async function catalogOf(file: string): Promise<Catalog<Families>> {
  const { catalogIn } = await import('../connection/catalog-file.ts')
  return catalogIn(file)
}

/** Every line of stdout is taken for a name: what the module prints goes to stderr. */
async function withoutItsTalk<T>(work: () => Promise<T>): Promise<T> {
  const { stdout, stderr } = process
  const { write } = stdout
  stdout.write = stderr.write.bind(stderr)
  try {
    return await work()
  } finally {
    stdout.write = write
  }
}

/** Undefined: it takes longer than anybody waits; the end of the process ends it. */
async function inTime<T>(work: Promise<T>): Promise<T | undefined> {
  const late = new Deferred<undefined>()
  const timer = systemClock.timer(catalogMsMax, () => late.resolve(undefined))
  try {
    return await Promise.race([work, late.promise])
  } finally {
    timer.cancel()
  }
}
