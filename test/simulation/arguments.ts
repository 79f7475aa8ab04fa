/** The command line of the simulation. */
import { parseArgs } from 'node:util'
import { type FaultKind, faultKinds, isFaultKind } from 'staleproof/testing'
import type { Job } from './job.ts'

export interface Arguments {
  readonly wantsHelp: boolean
  readonly isJson: boolean
  /** One run, told in full. */
  readonly replayed: Job | undefined
  readonly jobs: Iterable<Job>
  readonly count: number
  readonly workers: number | undefined
}

/** What was typed cannot be understood; the message tells what could. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

const seedsDefault = 2_800

/** Throws `UsageError`. */
export function parseArguments(words: readonly string[]): Arguments {
  const options = optionsIn(words)
  const kinds = kindsIn(options.fault)
  const count = wholeIn('seeds', options.seeds) ?? seedsDefault
  const from = wholeIn('from', options.from) ?? 0
  const seed = wholeIn('seed', options.seed)
  const shape = {
    processes: wholeIn('processes', options.processes),
    operations: wholeIn('operations', options.operations),
  }
  const kept = keptIn(options['only-operations'], options['only-faults'])
  return {
    wantsHelp: options.help ?? false,
    isJson: options.json ?? false,
    replayed: seed === undefined ? undefined : { kind: onlyOf(kinds), seed, ...shape, kept },
    jobs: jobsOf(kinds, { from, count }, shape),
    count,
    workers: wholeIn('workers', options.workers),
  }
}

export function usage(): string {
  return [
    'npm run simulate -- [--seeds n] [--from s] [--fault kind[,kind]] [--json]',
    '',
    `  --seeds       how many runs, shared among the kinds of fault (${seedsDefault})`,
    '  --from        the first seed of each kind (0)',
    `  --fault       ${faultKinds.join(', ')} (all)`,
    '  --processes   how many caches; by default 2 to 8, as the seed decides',
    '  --operations  of clients in one run (600)',
    '  --workers     processes of this machine that share the work (one for each core)',
    '  --json        the result as one line of JSON',
    '',
    'npm run simulate -- --seed s --fault kind   runs one seed again and tells all of it',
    '  --only-operations, --only-faults   what is left of a run that was shrunk',
  ].join('\n')
}

/** Kinds take turns, so that whatever is run first has seen all of them. */
export function* jobsOf(
  kinds: readonly FaultKind[],
  { from, count }: { readonly from: number; readonly count: number },
  shape: Pick<Job, 'operations' | 'processes'> = {},
): Generator<Job> {
  for (let index = 0; index < count; index++) {
    const kind = kinds[index % kinds.length]
    if (kind !== undefined) yield { kind, seed: from + Math.floor(index / kinds.length), ...shape }
  }
}

function optionsIn(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      options: {
        help: { type: 'boolean' },
        json: { type: 'boolean' },
        seeds: { type: 'string' },
        from: { type: 'string' },
        seed: { type: 'string' },
        fault: { type: 'string' },
        processes: { type: 'string' },
        operations: { type: 'string' },
        workers: { type: 'string' },
        'only-operations': { type: 'string' },
        'only-faults': { type: 'string' },
      },
    }).values
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw new UsageError(error.message)
  }
}

function kindsIn(text: string | undefined): readonly FaultKind[] {
  if (text === undefined) return faultKinds
  return text.split(',').map((name) => {
    if (isFaultKind(name)) return name
    throw new UsageError(`no fault '${name}'; there are ${faultKinds.join(', ')}`)
  })
}

function onlyOf(kinds: readonly FaultKind[]): FaultKind {
  const [kind] = kinds
  if (kind !== undefined && kinds.length === 1) return kind
  throw new UsageError('--seed needs one --fault')
}

function wholeIn(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new UsageError(`expected a whole number for --${name}, got '${text}'`)
}

function keptIn(operations: string | undefined, faults: string | undefined): Job['kept'] {
  if (operations === undefined && faults === undefined) return undefined
  return { operations: listIn(operations), faults: listIn(faults) }
}

function listIn(text: string | undefined): readonly number[] {
  if (text === undefined || text === 'none') return []
  return text.split(',').map((one) => wholeIn('only-…', one) ?? 0)
}
