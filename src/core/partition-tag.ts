/**
 * The hash tag of a partition, without its braces: `namespace:partition`. In Redis Cluster
 * it decides which server has the partition, and texts that differ in one digit lie in a
 * few clumps: of sixteen such tags one server of three would have half. So a suffix is
 * added where it must be, and each partition lies in its own share of the hash slots.
 *
 * Partition 0 never has one: whatever the number of partitions, every process meets the
 * others there, and finds out that their settings contradict its own.
 */
import { crc16 } from '../base/crc16.ts'

/** Hash slots of a Redis Cluster. */
export const hashSlots = 16_384
/** A share is missed so often in a row once in 10^17 namespaces. */
const suffixesPerPartition = 40

/** The hash slot of keys with this tag. */
export function hashSlotOf(tag: string): number {
  return crc16(tag) % hashSlots
}

/** Pure: the same in every process and version. */
export function partitionTag(namespace: string, partition: number, partitions: number): string {
  const plain = `${namespace}:${partition}`
  if (partition === 0) return plain
  const shareOf = (tag: string) => Math.floor((hashSlotOf(tag) * partitions) / hashSlots)
  const share = (shareOf(`${namespace}:0`) + partition) % partitions
  let tag = plain
  for (let suffix = 1; shareOf(tag) !== share; suffix++) {
    if (suffix > partitions * suffixesPerPartition) return plain
    tag = `${plain}.${suffix}`
  }
  return tag
}
