/** `staleproof diff`: where families are declared differently. */

import { printable } from '../../base/printable.ts'
import { StaleproofError } from '../../core/errors.ts'
import { openCache } from '../../open.ts'
import type { Call } from '../command.ts'
import { catalogIn } from '../connection/catalog-file.ts'
import { liveProcesses } from '../connection/processes.ts'
import { printDocument } from '../document.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { isSet } from '../flags.ts'
import { gridLines } from '../table.ts'
import { type Declarations, type Difference, differencesBetween } from './differences.ts'

type Sides = Readonly<Record<string, Declarations>>

/** What `--json` says of differences. */
export interface DiffDocument {
  readonly sides: readonly string[]
  readonly differences: readonly Difference[]
}

/** Exit code 1: there are some; 4: there was nothing to compare with. */
export async function diff(call: Call): Promise<ExitCode> {
  const { flags, terminal } = call
  const sides = await sidesOf(call)
  const differences = differencesBetween(sides)
  const names = Object.keys(sides)
  if (isSet(flags, 'json')) printDocument(terminal, 'diff', { sides: names, differences })
  else terminal.print(diffLines(names, differences, call))
  if (differences.length > 0) return exitCodes.found
  // What is live is one side at least, and a single catalog alone is none that was compared.
  const sidesMin = call.args.length === 1 ? 2 : 1
  return names.length < sidesMin ? exitCodes.incomplete : exitCodes.fine
}

/** Two catalogs; one and what is live; or what is live alone. */
async function sidesOf(call: Call): Promise<Sides> {
  const { args } = call
  if (args.length > 2) {
    const details = { expected: 'at most two catalogs', received: String(args.length) }
    throw new StaleproofError('SP_OPTION_INVALID', 'diff', details)
  }
  const declared: Record<string, Declarations> = {}
  for (const file of args) declared[file] = await declaredIn(file)
  return args.length === 2 ? declared : { ...declared, ...(await live(call)) }
}

/** By service; processes of one that disagree, in a deployment, are sides of their own. */
async function live(call: Call): Promise<Sides> {
  const sides: Record<string, Declarations> = {}
  const fleet = (await liveProcesses(call)).processes.map(({ facts }) => facts)
  fleet.sort((left, right) => (left.service < right.service ? -1 : 1))
  for (const { service, process, families } of fleet) {
    const known = sides[service]
    if (known === undefined) sides[service] = families
    else if (differencesBetween({ known, families }).length > 0) sides[process] = families
  }
  return sides
}

/** As a process with this catalog would publish it; no server is asked. */
async function declaredIn(file: string): Promise<Declarations> {
  const cache = await openCache(await catalogIn(file), { service: 'staleproof-diff', log: false })
  try {
    return cache.about().families
  } finally {
    await cache.close()
  }
}

function diffLines(
  sides: readonly string[],
  differences: readonly Difference[],
  { terminal }: Call,
): readonly string[] {
  if (differences.length === 0) {
    const who = sides.length === 0 ? 'nobody' : sides.map(printable).join(', ')
    return [`No differences: ${who}.`]
  }
  const rows = differences.map(({ family, field, values }) => [
    printable(family),
    field,
    ...sides.map((side) => printable(values[side] ?? '–')),
  ])
  return gridLines(['family', 'field', ...sides.map(printable)], rows, terminal.paint)
}
