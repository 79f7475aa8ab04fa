/** Which caches are on a server, or a cluster: by their channels, else by what they leave there. */
import { namespaceOfChannel } from '../core/channel.ts'
import { isStaleproofError } from '../core/errors.ts'
import { isCluster, primariesOf } from './cluster.ts'
import type { Inspection } from './inspection.ts'
import { listOf, numberOf, pairsOf, textOf } from './reply.ts'

const recordForm = /^\{(.+):0\}:(?:m|o:index)$/
/** Looked at by one command. */
const scanCount = 1_000
/** Commands for a node, so that a large server is not read whole for a name. */
const scansMax = 200

/** Subscribers of each channel of a cache, on all primaries; in a cluster channels have a shard. */
export async function cacheChannels(
  inspection: Inspection,
  nodes?: readonly Inspection[],
): Promise<ReadonlyMap<string, number>> {
  const questions = [['channels', 'numsub']]
  if (await isCluster(inspection)) questions.push(['shardchannels', 'shardnumsub'])
  const subscribers = new Map<string, number>()
  for (const node of nodes ?? (await primariesOf(inspection))) {
    for (const [list = '', count = ''] of questions) {
      const channels = listOf(await node.call('pubsub', list, 'cache:invalidate:*')).map(String)
      if (channels.length === 0) continue
      for (const [channel, found] of pairsOf(await node.call('pubsub', count, ...channels))) {
        subscribers.set(channel, (subscribers.get(channel) ?? 0) + (numberOf(found) ?? 0))
      }
    }
  }
  return subscribers
}

/** In the order of their names. Where only some nodes answer, what these have. */
export async function namespacesOn(
  inspection: Inspection,
  answering?: readonly Inspection[],
): Promise<readonly string[]> {
  const nodes = answering ?? (await primariesOf(inspection))
  const channels = await cacheChannels(inspection, nodes).catch(noneIfRefused)
  const live = [...channels.keys()].flatMap((channel) => namespaceOfChannel(channel) ?? [])
  return sorted(live.length > 0 ? live : await recordedOn(nodes))
}

/** Of caches that nobody has open. */
async function recordedOn(nodes: readonly Inspection[]): Promise<readonly string[]> {
  const found: string[] = []
  for (const node of nodes) {
    let cursor = '0'
    for (let scans = 0; scans < scansMax; scans++) {
      const reply = await node.call('scan', cursor, 'MATCH', '{*:0}:[mo]*', 'COUNT', scanCount)
      const [next, names] = listOf(reply)
      found.push(...listOf(names).flatMap((name) => recordForm.exec(textOf(name) ?? '')?.[1] ?? []))
      cursor = textOf(next) ?? '0'
      if (cursor === '0') break
    }
  }
  return found
}

function noneIfRefused(error: unknown): ReadonlyMap<string, number> {
  if (isStaleproofError(error) && error.code === 'SP_REDIS_REFUSED') return new Map()
  throw error
}

function sorted(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort()
}
