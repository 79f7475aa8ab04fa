/** `staleproof services`: every live process, and how it is. */

import { printable } from '../../base/printable.ts'
import type { ProcessFacts, Published } from '../../observe/index.ts'
import { hitRatioOf, readsOf, totalsOfProcess } from '../../observe/index.ts'
import { countText, shareText, sizeText, timeText } from '../amounts.ts'
import type { Call } from '../command.ts'
import { liveProcesses } from '../connection/processes.ts'
import { printDocument } from '../document.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { isSet } from '../flags.ts'
import type { Paint } from '../paint.ts'
import { stateText } from '../stats/stats-lines.ts'
import { gridLines } from '../table.ts'

const titles = [
  'service',
  'process',
  'health',
  'up',
  'reads',
  'hit',
  'memory',
  'lag p99',
  'pending',
  'breakers',
  'version',
]

export async function services(call: Call): Promise<ExitCode> {
  const { namespace, processes } = await liveProcesses(call)
  if (isSet(call.flags, 'json')) printDocument(call.terminal, 'services', { namespace, processes })
  else call.terminal.print(servicesLines(processes, call.terminal.paint))
  return processes.length === 0 ? exitCodes.incomplete : exitCodes.fine
}

export function servicesLines(processes: readonly Published[], paint: Paint): readonly string[] {
  const byService = [...processes].sort((left, right) => {
    return left.facts.service < right.facts.service ? -1 : 1
  })
  const rows = byService.map(({ facts }) => cellsOf(facts, paint))
  const reasons = byService.flatMap(({ facts: { process, health } }) => {
    return health.reasons.map((reason) => `  ${printable(process)}: ${printable(reason)}`)
  })
  return [
    ...gridLines(titles, rows, paint),
    ...(reasons.length > 0 ? ['', ...reasons.map((line) => paint('yellow', line))] : []),
  ]
}

function cellsOf(facts: ProcessFacts, paint: Paint): readonly string[] {
  const { service, process, health, stats, startedMs, atMs, version } = facts
  const totals = totalsOfProcess(stats)
  const breakers = Object.values(stats.breakers)
  const open = breakers.filter(({ state }) => state !== 'closed').length
  return [
    printable(service),
    printable(process),
    stateText(health.state, paint),
    timeText(atMs - startedMs),
    countText(readsOf(totals)),
    shareText(hitRatioOf(totals)),
    sizeText(stats.memory.bytes),
    timeText(stats.coherence.lag.p99Ms),
    countText(stats.delivery.pending),
    open === 0 ? 'closed' : paint('red', `${open} open`),
    printable(version),
  ]
}
