/**
 * Names of keys and channels on the server (PROTOCOL 2). All of one partition share the
 * hash tag `{namespace:partition}`, so a script needs only one node.
 */
import { partitionTag } from './partition-tag.ts'

export interface PartitionNames {
  /** In front of a key text: the slot. */
  readonly slot: string
  /** In front of a fid: a payload on its way into a slot. */
  readonly stage: string
  /** The record of groups. */
  readonly meta: string
  /** The barrier registry. */
  readonly registry: string
  /** In front of a process: its beat, and its private channel. */
  readonly beat: string
  /** In front of a name: the lock of that name. */
  readonly lock: string
  /** In front of a name: the bucket of that name. */
  readonly bucket: string
  /** The invalidation channel. */
  readonly channel: string
}

/** Of all partitions, in their order. */
export function allPartitionNames(namespace: string, partitions: number): PartitionNames[] {
  return Array.from({ length: partitions }, (_, partition) =>
    partitionNames(partitionTag(namespace, partition, partitions)),
  )
}

function partitionNames(hashTag: string): PartitionNames {
  const tag = `{${hashTag}}`
  return {
    slot: `${tag}:k:`,
    stage: `${tag}:t:`,
    meta: `${tag}:m`,
    registry: `${tag}:b`,
    beat: `${tag}:b:`,
    lock: `${tag}:l:`,
    bucket: `${tag}:q:`,
    channel: `cache:invalidate:${tag}`,
  }
}

/** FNV-1a of the key text, the same in every process and version. */
export function partitionOf(key: string, partitions: number): number {
  if (partitions === 1) return 0
  let hash = 0x811c9dc5
  for (let at = 0; at < key.length; at++) {
    hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193)
  }
  return (hash >>> 0) % partitions
}
