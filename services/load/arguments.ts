/** The command line of `npm run load`. */
import { parseArgs } from 'node:util'

export interface Arguments {
  readonly wantsHelp: boolean
  /** `undefined`: as the mix says. */
  readonly requestsPerSecond: number | undefined
  readonly seconds: number
  readonly seed: number
  readonly isJson: boolean
  readonly isCached: boolean
  readonly isComparison: boolean
  /** The API of a system that runs; one is started where it is absent. */
  readonly url: string | undefined
}

/** What was typed can't be understood; the message tells what could. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

const secondsDefault = 60
const secondsMax = 600
const rateMax = 2_000
const seedMax = 2 ** 31 - 1

/** Throws `UsageError`. */
export function parseArguments(words: readonly string[]): Arguments {
  const options = optionsIn(words)
  const isCached = options['no-cache'] !== true
  const isComparison = options.compare === true
  if (isComparison && !isCached) throw new UsageError('--compare runs both ways: drop --no-cache')
  if (options.url !== undefined && (isComparison || !isCached)) {
    throw new UsageError('a system that runs is taken as it is: --compare and --no-cache need ours')
  }
  return {
    wantsHelp: options.help === true,
    requestsPerSecond: wholeIn('rate', options.rate, rateMax),
    seconds: wholeIn('seconds', options.seconds, secondsMax) ?? secondsDefault,
    seed: wholeIn('seed', options.seed, seedMax) ?? 1,
    isJson: options.json === true,
    isCached,
    isComparison,
    url: options.url,
  }
}

export const usage: string = [
  'npm run load -- [--rate n] [--seconds n] [--seed n] [--compare | --no-cache | --url u] [--json]',
  '',
  '  --rate      requests a second (as services/load/mix.json says)',
  `  --seconds   how long is measured, after the warm-up (${secondsDefault})`,
  '  --seed      what everything by chance follows from (1)',
  '  --compare   afterwards the same without the cache, and what that saves',
  '  --no-cache  without the cache only',
  '  --url       of an API that runs; ADMIN_TOKEN, UPSTREAM_URL, DATABASE_URL and REDIS_URL',
  '              in the environment say where the rest of it is',
  '  --json      the result as one line of JSON',
].join('\n')

function optionsIn(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      options: {
        help: { type: 'boolean' },
        json: { type: 'boolean' },
        compare: { type: 'boolean' },
        'no-cache': { type: 'boolean' },
        rate: { type: 'string' },
        seconds: { type: 'string' },
        seed: { type: 'string' },
        url: { type: 'string' },
      },
    }).values
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw new UsageError(error.message)
  }
}

function wholeIn(name: string, text: string | undefined, max: number): number | undefined {
  if (text === undefined) return undefined
  const number = Number(text)
  if (/^\d+$/.test(text) && number >= 1 && number <= max) return number
  throw new UsageError(`expected a whole number from 1 to ${max} for --${name}, got '${text}'`)
}
