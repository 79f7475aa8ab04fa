/** `staleproof size`: what memory and Redis should have, and what another size would give. */

import { printable } from '../../base/printable.ts'
import type { Recommendation } from '../../observe/index.ts'
import { type ProcessFacts, readHistory, recommend } from '../../observe/index.ts'
import type { UsageAnswer } from '../../ops/index.ts'
import { systemClock } from '../../system.ts'
import { countText, shareText, sizeText } from '../amounts.ts'
import type { Call } from '../command.ts'
import { adminApi } from '../connection/admin-api.ts'
import { liveProcesses } from '../connection/processes.ts'
import { withServer } from '../connection/server.ts'
import { printDocument } from '../document.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { isSet, numberIn } from '../flags.ts'
import { gridLines } from '../table.ts'
import { type ServiceSize, sizesOf } from './service-size.ts'

const dayMs = 86_400_000

/** What `--json` says of sizes. */
export interface SizeDocument {
  readonly namespace: string
  readonly services: readonly ServiceSize[]
  readonly recommendations: readonly Recommendation[]
}

export async function size(call: Call): Promise<ExitCode> {
  const { flags, terminal } = call
  const { namespace, processes } = await liveProcesses(call)
  const fleet = processes.map(({ facts }) => facts)
  const recommendations = await recommendationsOf(call, fleet)
  const services = sizesOf(fleet, numberIn(flags, 'memory'))
  const result = { namespace, services, recommendations }
  if (isSet(flags, 'json')) printDocument(terminal, 'size', result)
  else terminal.print(sizeLines(services, recommendations, call))
  return fleet.length === 0 ? exitCodes.incomplete : exitCodes.fine
}

async function recommendationsOf(
  call: Call,
  processes: readonly ProcessFacts[],
): Promise<readonly Recommendation[]> {
  const api = adminApi(call.flags)
  if (api !== undefined) return (await api.get<UsageAnswer>('usage')).recommendations
  const nowMs = systemClock.wallMs()
  const history = await withServer(call, async ({ inspection, namespace }) => {
    const samples = await readHistory(inspection, namespace, nowMs - dayMs)
    return samples.map(({ atMs, server }) => ({
      atMs,
      usedBytes: server.used_memory ?? 0,
      maxBytes: server.maxmemory ?? 0,
    }))
  })
  return recommend({ processes, history, nowMs })
}

function sizeLines(
  services: readonly ServiceSize[],
  recommendations: readonly Recommendation[],
  { terminal }: Call,
): readonly string[] {
  const { paint } = terminal
  const titles = ['service', 'processes', 'used', 'memory', 'hits now', 'what if', 'would hit']
  const rows = services.map((one) => [
    printable(one.service),
    countText(one.processes),
    sizeText(one.usedBytes),
    sizeText(one.bytesMax),
    shareText(one.hitRatio),
    one.asked === undefined ? '–' : sizeText(one.asked.bytes),
    shareText(one.asked?.hitRatio),
  ])
  const advice = recommendations.map(({ subject, service, why }) => {
    const whose = service === undefined ? '' : ` of ${printable(service)}`
    return `  ${paint('yellow', subjects[subject] + whose)}: ${printable(why)}.`
  })
  return [
    ...gridLines(titles, rows, paint),
    '',
    ...(advice.length > 0
      ? advice
      : ['  Nothing should be larger or smaller, as far as is known.']),
    ...(services.some(({ curve }) => curve.length > 0) ? [] : [withoutCurve]),
  ]
}

const subjects: Readonly<Record<Recommendation['subject'], string>> = {
  l1: 'memory',
  redisMemory: 'maxmemory of Redis',
  replicas: 'instances',
}
const withoutCurve =
  "  What other sizes would hit is known once room was short, with `memory: { sizing: 'advise' }`."
