/** The slot of one key with all that decides whether it may be served. */

import { partitionTag } from '../../core/partition-tag.ts'
import { headBytesMax, parseHead, parseSlot, type Slot } from '../../core/slot.ts'
import { partitionOf } from '../../core/slot-names.ts'
import { stampOf } from '../../core/stamp.ts'
import {
  type Inspection,
  listOf,
  nodeOfKey,
  numberOf,
  parseInfo,
  textOf,
} from '../../inspect/index.ts'
import { agreedOn } from '../connection/agreed.ts'
import { type Server, serverMsOf } from '../connection/server.ts'

export interface OneSlot {
  readonly key: string
  /** As it is called on the server. */
  readonly name: string
  readonly partition: number
  readonly serverMs: number
  /** Undefined: nothing is there. */
  readonly slot: Slot | 'damaged' | undefined
  readonly ttlMs: number | undefined
  readonly bytes: number
  /** Of the partition; undefined: it has no record of groups. */
  readonly epoch: string | undefined
  readonly floor: number
  /** Of the server as it is now; undefined: it does not say. */
  readonly stamp: string | undefined
  /** Of the tags of the value, encoded; 0: never invalidated. */
  readonly tagClocks: ReadonlyMap<string, number>
}

export async function oneSlot(server: Server, key: string): Promise<OneSlot> {
  const place = await placeOf(server, key)
  const { node, name, meta } = place
  const [head, ttl, length] = await replies(node, name)
  const bytes = numberOf(length) ?? 0
  const slot = bytes === 0 ? undefined : (parseHead(latin1(head)) ?? 'damaged')
  const encoded =
    slot !== undefined && slot !== 'damaged' && slot.kind === 'value' ? slot.meta.tags : []
  const record = listOf(await node.call('hmget', meta, '#e', '#f', ...encoded))
  const ttlMs = numberOf(ttl) ?? -1
  return {
    key,
    name,
    partition: place.partition,
    serverMs: await serverMsOf(node),
    slot,
    ttlMs: ttlMs < 0 ? undefined : ttlMs,
    bytes,
    epoch: textOf(record[0]) || undefined,
    floor: numberOf(record[1]) ?? 0,
    stamp: await stampOn(node),
    tagClocks: new Map(encoded.map((tag, at) => [tag, numberOf(record[at + 2]) ?? 0])),
  }
}

/** The whole of it; undefined: it is gone, or damaged. */
export async function wholeSlot(server: Server, key: string): Promise<Slot | undefined> {
  const { node, name } = await placeOf(server, key)
  const reply = await node.callBytes('get', name)
  return Buffer.isBuffer(reply) ? parseSlot(reply.toString('latin1')) : undefined
}

interface Place {
  readonly node: Inspection
  readonly name: string
  readonly meta: string
  readonly partition: number
}

async function placeOf(server: Server, key: string): Promise<Place> {
  const { partitions = 1 } = await agreedOn(server)
  const partition = partitionOf(key, partitions)
  const tag = partitionTag(server.namespace, partition, partitions)
  const name = `{${tag}}:k:${key}`
  return { node: await nodeOfKey(server.inspection, name), name, meta: `{${tag}}:m`, partition }
}

async function replies(node: Inspection, name: string): Promise<readonly unknown[]> {
  const answers = await node.pipelineBytes([
    ['getrange', name, 0, headBytesMax - 1],
    ['pttl', name],
    ['strlen', name],
  ])
  return answers.map((answer) => ('reply' in answer ? answer.reply : undefined))
}

async function stampOn(node: Inspection): Promise<string | undefined> {
  const server = parseInfo(textOf(await node.call('info', 'server')) ?? '')
  const replication = parseInfo(textOf(await node.call('info', 'replication')) ?? '')
  const [runId, replId] = [server.text('run_id'), replication.text('master_replid')]
  return runId === undefined || replId === undefined ? undefined : stampOf(runId, replId)
}

function latin1(reply: unknown): string {
  return Buffer.isBuffer(reply) ? reply.toString('latin1') : ''
}
