/** What processes publish in this Redis, and the history that one of them keeps. */
import { type ProcessFacts, readFacts, readHistory } from '../../observe/index.ts'
import { namespaceOfChannel } from '../channel.ts'
import type { FactTable, HistoryPoint } from '../facts.ts'
import type { GatherContext, Gathering } from './context.ts'
import { gathered } from './reads.ts'

/** Caches of one server that are looked at. */
const namespacesMax = 10

export async function gatherPublished(
  context: GatherContext,
  channels: ReadonlyMap<string, number> | undefined,
): Promise<Gathering> {
  const { namespace } = context.options
  const namespaces = namespace === undefined ? namespacesIn(channels) : [namespace]
  const caches = await gathered(() => readCaches(context, namespaces))
  const processes =
    caches.value === undefined
      ? { missing: caches.missing }
      : { value: [...caches.value.values()].flat() }
  return { caches, processes, history: await gathered(() => readPoints(context, namespaces)) }
}

/** The caches that listen. */
function namespacesIn(channels: ReadonlyMap<string, number> | undefined): readonly string[] {
  const names = [...(channels?.keys() ?? [])].flatMap((name) => namespaceOfChannel(name) ?? [])
  return [...new Set(names)].slice(0, namespacesMax)
}

async function readCaches(
  { inspection }: GatherContext,
  namespaces: readonly string[],
): Promise<FactTable['caches']> {
  const caches = new Map<string, readonly ProcessFacts[]>()
  for (const name of namespaces) {
    const { processes } = await readFacts(inspection, name)
    if (processes.length > 0)
      caches.set(
        name,
        processes.map(({ facts }) => facts),
      )
  }
  if (caches.size === 0) throw new Error('no process publishes facts')
  return caches
}

/** All of them see one server: the longest history is taken. */
async function readPoints(
  { inspection }: GatherContext,
  namespaces: readonly string[],
): Promise<readonly HistoryPoint[]> {
  let longest: readonly HistoryPoint[] = []
  for (const name of namespaces) {
    const samples = await readHistory(inspection, name)
    if (samples.length <= longest.length) continue
    longest = samples.map(({ atMs, server, counts }) => ({
      atMs,
      numbers: { ...server, ...counts },
    }))
  }
  if (longest.length === 0) throw new Error('no process keeps a history')
  return longest
}
