/** What the live processes of a cache publish: read in Redis, or from the admin API. */
import type { ProcessFacts, Published } from '../../observe/index.ts'
import { readFacts } from '../../observe/index.ts'
import type { MeAnswer, ServicesAnswer } from '../../ops/index.ts'
import type { Call } from '../command.ts'
import { textIn } from '../flags.ts'
import { adminApi } from './admin-api.ts'
import { type Server, withServer } from './server.ts'

export interface LiveProcesses {
  readonly namespace: string
  readonly processes: readonly Published[]
}

/** Those of `--service` alone, where that is given. Rejects where neither answers. */
export async function liveProcesses(call: Call): Promise<LiveProcesses> {
  const api = adminApi(call.flags)
  const found = api === undefined ? await publishedOn(call) : await told(api)
  const service = textIn(call.flags, 'service')
  const processes = found.processes.filter(({ facts }) => {
    return service === undefined || facts.service === service
  })
  if (processes.length === 0) call.terminal.note(nobody(found.processes, service))
  return { ...found, processes }
}

export async function publishedBy(
  { inspection, namespace }: Server,
  { terminal }: Pick<Call, 'terminal'>,
): Promise<readonly Published[]> {
  const { processes, skipped } = await readFacts(inspection, namespace)
  if (skipped > 0) terminal.note(`${skipped} processes publish in another form; they are left out`)
  return processes
}

function publishedOn(call: Call): Promise<LiveProcesses> {
  return withServer(call, async (server) => {
    return { namespace: server.namespace, processes: await publishedBy(server, call) }
  })
}

async function told(api: NonNullable<ReturnType<typeof adminApi>>): Promise<LiveProcesses> {
  const { namespace } = await api.get<MeAnswer>('me')
  const { processes } = await api.get<ServicesAnswer>('services')
  const published = processes.map(({ facts, ageMs }) => {
    const whole: ProcessFacts = { ...facts, usedKeys: [] }
    return { facts: whole, ageMs }
  })
  return { namespace, processes: published }
}

function nobody(processes: readonly Published[], service: string | undefined): string {
  if (processes.length === 0) {
    return 'no process publishes facts here; services do so with openReporter of staleproof/ops'
  }
  const names = [...new Set(processes.map(({ facts }) => facts.service))].sort()
  return `no process of the service '${service}' is alive; there are ${names.join(', ')}`
}
