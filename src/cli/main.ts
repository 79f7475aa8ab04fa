#!/usr/bin/env node
/** The command `staleproof`. What a command needs is loaded only when it is called. */
import { readFileSync } from 'node:fs'
import { cac } from 'cac'
import { nearestName } from '../base/nearest-name.ts'
import { isStaleproofError } from '../core/errors.ts'
import { codeOfError, type ExitCode, exitCodes } from './exit-codes.ts'
import { Terminal } from './terminal.ts'

const terminal = new Terminal(process)

/** What the user's signal ends; twice ends it hard. */
let endRunning: (() => void) | undefined

type Flags = Readonly<Record<string, unknown>>

async function verify(flags: Flags): Promise<ExitCode> {
  const { verify: run } = await import('./verify/command.ts')
  return run(flags, terminal, (end) => {
    endRunning = end
  })
}

async function replay(traces: readonly string[], flags: Flags): Promise<ExitCode> {
  const { replay: run } = await import('./replay/command.ts')
  return run(traces, flags, terminal)
}

/** What goes wrong before there is a result is told, and has its code. */
async function told(ending: Promise<ExitCode>): Promise<ExitCode> {
  try {
    return await ending
  } catch (error) {
    terminal.say(isStaleproofError(error) ? error.message : textOf(error))
    return codeOfError(error)
  }
}

function program(): ReturnType<typeof cac> {
  const commands = cac('staleproof')
  commands
    .command('verify', 'Proves the promise on your Redis: real processes, real faults, a checker')
    .option('--redis <url>', 'The server; default: the variable REDIS_URL')
    .option('--self', 'Start servers of its own, and harm those too')
    .option('--server-faults', 'Also do what everybody on that server would notice')
    .option('--ops <n>', 'Operations at least (default: 100,000)')
    .option('--processes <n>', 'Processes with a cache (default: 4)')
    .option('--seconds <s>', 'At most (default: 290, more if --ops needs it)')
    .option('--history <folder>', 'Keep what was recorded')
    .option('--check <file>', 'Judge a recorded history again; several times for several files')
    .option('--json', 'The result as one JSON document')
    .example('staleproof verify --redis redis://localhost:6379')
    .example('staleproof verify --self --ops 1000000')
    .action((flags: Flags) => told(verify(flags)))
  commands
    .command('replay [...traces]', 'Hit ratios by policy and size on recorded accesses')
    .option('--fraction <list>', 'Sizes, as shares of the distinct keys (default: 0.001,0.01,0.1)')
    .option('--curve', 'Miss-ratio curves too, exact and as a running cache would estimate them')
    .option('--predict', 'What predictive preloading would gain, at three times a load may take')
    .option('--json', 'The result as one JSON document')
    .example('staleproof replay accesses.gz')
    .action((traces: readonly string[], flags: Flags) => told(replay(traces, flags)))
  commands.version(version())
  commands.help((sections) => [
    ...sections,
    {
      title: 'Exit codes',
      body:
        '  0 fine   1 violated   2 wrong usage   3 no connection   4 incomplete   ' +
        '70 internal error   130 interrupted',
    },
  ])
  return commands
}

/** Of the package, from source and built alike. */
function version(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  const { version: found }: { readonly version: string } = JSON.parse(text)
  return found
}

async function main(): Promise<ExitCode> {
  const commands = program()
  try {
    commands.parse(process.argv, { run: false })
    const { help, version: isVersionAsked } = commands.options
    if (help === true || isVersionAsked === true) return exitCodes.fine
    if (commands.matchedCommand === undefined) {
      commands.outputHelp()
      return exitCodes.usage
    }
    refuseUnknown(commands)
    return await commands.runMatchedCommand()
  } catch (error) {
    terminal.say(error instanceof Error ? error.message : String(error))
    return exitCodes.usage
  }
}

/** Says which option may have been meant. */
function refuseUnknown({ matchedCommand, options }: ReturnType<typeof cac>): void {
  if (matchedCommand === undefined) return
  const known = matchedCommand.options.map(({ name }) => name)
  const given = Object.keys(options).filter((name) => name !== '--' && name.length > 1)
  const unknown = given.find((name) => !known.includes(name))
  const nearest = unknown && nearestName(kebab(unknown), known.map(kebab))
  if (nearest) throw new Error(`there is no option --${kebab(unknown)}; is --${nearest} meant?`)
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

/** With its stack: what nobody expected is to be reported. */
function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

process.on('SIGINT', () => end(exitCodes.interrupted))
process.on('SIGTERM', () => end(exitCodes.terminated))
process.on('SIGHUP', () => end(exitCodes.terminated))
// Whoever reads us may have had enough.
process.stdout.on('error', () => {})
// Without it Node would end with 1, which says something else here.
process.on('uncaughtException', (error) => {
  terminal.say(textOf(error))
  process.exit(exitCodes.internal)
})

function end(code: ExitCode): void {
  if (endRunning === undefined) process.exit(code)
  endRunning()
  endRunning = undefined
}

const exitCode = await main()
// What was printed has left by then. Without it Node 20 can spin for ever at its natural end,
// waiting for a request to a process or socket that is gone.
process.stdout.write('', () => process.exit(exitCode))
