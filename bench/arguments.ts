/** The command line of the benchmarks. */
import { parseArgs } from 'node:util'

export interface BenchArguments {
  readonly isQuick: boolean
  readonly wantsHelp: boolean
  /** Names of scenarios; empty: all. */
  readonly only: readonly string[]
}

/** What was typed cannot be understood; the message tells what could. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** Throws `UsageError`. */
export function parseArguments(
  words: readonly string[],
  scenarios: readonly string[],
): BenchArguments {
  const { quick = false, help = false, only = [] } = optionsIn(words)
  const names = only.flatMap((list) => list.split(','))
  const unknown = names.find((name) => !scenarios.includes(name))
  if (unknown !== undefined) {
    throw new UsageError(`no scenario '${unknown}'; there are ${scenarios.join(', ')}`)
  }
  return { isQuick: quick, wantsHelp: help, only: [...new Set(names)] }
}

export function usage(scenarios: readonly string[]): string {
  return [
    'npm run bench -- [--quick] [--only <scenario>[,<scenario>]]',
    '',
    '  --quick   fewer and shorter rounds',
    '  --only    some scenarios alone; may be repeated',
    `            ${scenarios.join(', ')}`,
    '  --help    this text',
    '',
    'Redis: REDIS_URL, else a redis-server or valkey-server on the PATH is started.',
  ].join('\n')
}

function optionsIn(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      options: {
        quick: { type: 'boolean' },
        help: { type: 'boolean' },
        only: { type: 'string', multiple: true },
      },
    }).values
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw new UsageError(error.message)
  }
}
