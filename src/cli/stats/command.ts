/** `staleproof stats`: what all live processes have counted since they started. */
import { familyRows, healthOf, readsOf, sumOf } from '../../observe/index.ts'
import type { Call } from '../command.ts'
import { liveProcesses } from '../connection/processes.ts'
import { printDocument } from '../document.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { isSet } from '../flags.ts'
import { type StatsFigures, statsLines } from './stats-lines.ts'

/** What `--json` says of counters. */
export interface StatsDocument extends StatsFigures {
  readonly reads: number
}

export async function stats(call: Call): Promise<ExitCode> {
  const { namespace, processes } = await liveProcesses(call)
  const fleet = processes.map(({ facts }) => facts)
  const families = familyRows(fleet)
  const totals = sumOf(families.map((family) => family.totals))
  const figures = { namespace, health: healthOf(fleet), totals, reads: readsOf(totals), families }
  const services = [...new Set(fleet.map(({ service }) => service))].sort()
  const scope = { services, processes: fleet.length }
  if (isSet(call.flags, 'json')) printDocument(call.terminal, 'stats', { ...scope, ...figures })
  else call.terminal.print(statsLines({ ...scope, ...figures }, call.terminal.paint))
  return fleet.length === 0 ? exitCodes.incomplete : exitCodes.fine
}
