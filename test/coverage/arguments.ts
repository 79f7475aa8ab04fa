/** The command line of `npm run coverage:prove`. */
import { parseArgs } from 'node:util'
import { Random } from '../race/random.ts'
import type { CoverageEdit } from './edit.ts'

export interface Arguments {
  readonly wantsHelp: boolean
  readonly seed: number
  readonly count: number
  /** Only edits of these requirements. */
  readonly rows: readonly string[] | undefined
}

/** What was typed can't be understood; the message tells what could. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

const countDefault = 20

export const usage: string = [
  'npm run coverage:prove -- [--seed n] [--count n] [--rows A1,B2] [--all]',
  '',
  '  --seed   which edits are chosen, and in which order (1)',
  `  --count  how many (${countDefault})`,
  '  --rows   only of these requirements',
  '  --all    every edit',
].join('\n')

/** Throws `UsageError`. */
export function parseArguments(words: readonly string[]): Arguments {
  const { help, seed, count, rows, all } = optionsIn(words)
  return {
    wantsHelp: help === true,
    seed: wholeIn('seed', seed) ?? 1,
    count: all === true ? Number.POSITIVE_INFINITY : (wholeIn('count', count) ?? countDefault),
    rows: rows?.split(','),
  }
}

/** By chance from the seed; the same seed chooses the same. */
export function chosen(
  edits: readonly CoverageEdit[],
  { seed, count, rows }: Pick<Arguments, 'seed' | 'count' | 'rows'>,
): readonly CoverageEdit[] {
  const random = new Random(seed)
  const left = edits.filter(({ row }) => rows === undefined || rows.includes(row))
  const taken: CoverageEdit[] = []
  while (left.length > 0 && taken.length < count) {
    taken.push(...left.splice(random.below(left.length), 1))
  }
  return taken
}

function optionsIn(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      options: {
        help: { type: 'boolean' },
        all: { type: 'boolean' },
        seed: { type: 'string' },
        count: { type: 'string' },
        rows: { type: 'string' },
      },
    }).values
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw new UsageError(error.message)
  }
}

function wholeIn(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new UsageError(`expected a whole number for --${name}, got '${text}'`)
}
