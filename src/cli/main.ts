#!/usr/bin/env node
/** The command `staleproof`: finds the command, its options, and how it all ends. */
import { readFileSync } from 'node:fs'
import { isStaleproofError, StaleproofError } from '../core/errors.ts'
import type { CommandRow } from './command.ts'
import { commandNamed } from './command-name.ts'
import { commands } from './commands.ts'
import { codeOfError, type ExitCode, exitCodes } from './exit-codes.ts'
import { isSet } from './flags.ts'
import { commandHelp, wholeHelp } from './help.ts'
import { effectiveSettings } from './origins.ts'
import { flagsOf, showsPassword } from './settings.ts'
import { Terminal } from './terminal.ts'
import { parseWords } from './words.ts'

const terminal = new Terminal(process)
const whereFrom = '`staleproof config --explain` tells where that address comes from'

/** What the user's signal ends; twice ends it hard. */
let endRunning: (() => void) | undefined
/** What the signal means for the exit code. */
let signalCode: ExitCode = exitCodes.interrupted

async function main([first, ...rest]: readonly string[]): Promise<ExitCode> {
  if (first === undefined) {
    terminal.print(wholeHelp(terminal.paint))
    return exitCodes.usage
  }
  if (first === '--version' || first === '-V') {
    terminal.print([
      `staleproof/${version()} ${process.platform}-${process.arch} ${process.version}`,
    ])
    return exitCodes.fine
  }
  const isHelp = first === 'help' || isHelpWord(first)
  const name = isHelp ? rest[0] : first
  if (name === undefined || isHelpWord(name)) {
    terminal.print(wholeHelp(terminal.paint))
    return exitCodes.fine
  }
  if (name.startsWith('-')) {
    const expected = 'the command, then its options; see `staleproof --help`'
    throw new StaleproofError('SP_OPTION_INVALID', `'${name}' comes too early`, { expected })
  }
  return run(commandNamed(name, commands), isHelp ? ['--help'] : rest)
}

async function run(command: CommandRow, given: readonly string[]): Promise<ExitCode> {
  const ownWords = given.includes('--') ? given.slice(0, given.indexOf('--')) : given
  if (ownWords.some(isHelpWord)) {
    terminal.print(commandHelp(command, terminal.paint))
    return exitCodes.fine
  }
  const words = parseWords(command, given)
  const settings = effectiveSettings({ command, given: words.given, commands })
  const flags = flagsOf(settings)
  if (isSet(flags, 'quiet')) terminal.quieten()
  if (settings.some(showsPassword)) {
    terminal.note('others on this machine can read that password; better REDIS_URL or a file')
  }
  const call = {
    args: words.args,
    flags,
    terminal,
    commands,
    onSignal: (end: () => void) => {
      endRunning = end
    },
  }
  const execute = await command.load()
  return execute(call)
}

/** Of the package, from source and built alike. */
function version(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  const { version: found }: { readonly version: string } = JSON.parse(text)
  return found
}

function isHelpWord(word: string): boolean {
  return word === '--help' || word === '-h'
}

/** What goes wrong before there is a result is told, and has its code. */
async function told(ending: Promise<ExitCode>): Promise<ExitCode> {
  try {
    return await ending
  } catch (error) {
    terminal.say(isStaleproofError(error) ? error.message : textOf(error))
    const code = codeOfError(error)
    if (code === exitCodes.noConnection) terminal.note(whereFrom)
    return code
  }
}

/** With its stack: what nobody expected is to be reported. */
function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

process.on('SIGINT', () => end(exitCodes.interrupted))
process.on('SIGTERM', () => end(exitCodes.terminated))
process.on('SIGHUP', () => end(exitCodes.terminated))
process.stdout.on('error', (error) => {
  // Whoever reads us may have had enough; else the result is lost, and nobody may take it for good.
  if ('code' in error && error.code === 'EPIPE') return end(exitCodes.fine)
  terminal.say(`the result could not be written: ${error.message}`)
  process.exit(exitCodes.internal)
})
process.stderr.on('error', () => {})
// Without it Node would end with 1, which says something else here.
process.on('uncaughtException', (error) => {
  terminal.say(textOf(error))
  process.exit(exitCodes.internal)
})

function end(code: ExitCode): void {
  if (endRunning === undefined) process.exit(code)
  signalCode = code
  const ending = endRunning
  endRunning = undefined
  ending()
}

const ended = await told(main(process.argv.slice(2)))
const exitCode = ended === exitCodes.interrupted ? signalCode : ended
// What was printed has left by then. Without it Node 20 can spin for ever at its natural end,
// waiting for a request to a process or socket that is gone.
process.stdout.write('', (error) => {
  // Why it failed is told by the event, which comes next.
  if (!error) process.exit(exitCode)
})
