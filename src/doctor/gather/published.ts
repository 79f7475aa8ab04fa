/** What processes publish in this Redis, and the history that one of them keeps. */
import { namespaceOfChannel } from '../../core/channel.ts'
import { type Inspection, nodeOfKey } from '../../inspect/index.ts'
import { type ProcessFacts, readFacts, readHistory } from '../../observe/index.ts'
import type { FactTable, Gathered, HistoryPoint } from '../facts.ts'
import { Missing } from '../missing.ts'
import type { GatherContext, Gathering } from './context.ts'
import { gathered, needed } from './gathered.ts'

/** Caches of one server that are looked at. */
const namespacesMax = 10
/** Steps without a sample, after which a history tells of the past. */
const stepsMissedMax = 3

/** A cache with the node that has its records: any node of a cluster names it. */
interface Home {
  readonly namespace: string
  readonly node: Inspection
}

export async function gatherPublished(
  context: GatherContext,
  channels: Gathered<FactTable['channels']>,
  nowMs: number,
): Promise<Gathering> {
  const homes = await gathered(() => homesOf(context, channels))
  const caches = await gathered(async () => readCaches(needed(homes)))
  return {
    caches,
    processes: await gathered(async () => [...needed(caches).values()].flat()),
    history: await gathered(async () => readPoints(needed(homes), nowMs)),
  }
}

/** Of the cache that is named, or of those that listen. */
async function homesOf(
  { inspection, options }: GatherContext,
  channels: Gathered<FactTable['channels']>,
): Promise<readonly Home[]> {
  const namespaces = options.namespace === undefined ? listening(channels) : [options.namespace]
  const homes: Home[] = []
  for (const namespace of namespaces) {
    homes.push({ namespace, node: await nodeOfKey(inspection, `{${namespace}:0}:m`) })
  }
  return homes
}

function listening(channels: Gathered<FactTable['channels']>): readonly string[] {
  const names = [...needed(channels).keys()].flatMap((name) => namespaceOfChannel(name) ?? [])
  return [...new Set(names)].slice(0, namespacesMax)
}

async function readCaches(homes: readonly Home[]): Promise<FactTable['caches']> {
  const caches = new Map<string, readonly ProcessFacts[]>()
  for (const { namespace, node } of homes) {
    const { processes } = await readFacts(node, namespace)
    if (processes.length === 0) continue
    caches.set(
      namespace,
      processes.map(({ facts }) => facts),
    )
  }
  if (caches.size === 0) throw new Missing('moot', 'no process publishes facts')
  return caches
}

/** All of them see one server: the longest history is taken, if it is still kept. */
async function readPoints(homes: readonly Home[], nowMs: number): Promise<readonly HistoryPoint[]> {
  let longest: readonly HistoryPoint[] = []
  for (const { namespace, node } of homes) {
    const samples = await readHistory(node, namespace)
    const last = samples.at(-1)
    if (last === undefined || samples.length <= longest.length) continue
    if (nowMs - last.atMs > stepsMissedMax * last.stepMs) continue
    longest = samples.map(({ atMs, server, counts }) => ({
      atMs,
      numbers: { ...server, ...counts },
    }))
  }
  if (longest.length === 0) throw new Missing('moot', 'no process keeps a history')
  return longest
}
