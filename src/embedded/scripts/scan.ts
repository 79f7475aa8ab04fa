/** Key texts that match a glob, in batches; on Redis native SCAN commands. */
import { scanKeysMax } from '../../core/contracts/store.ts'
import { matchesGlob } from '../../core/glob.ts'
import type { Step } from '../partition.ts'

export function scan({ partition: { slots }, nowMs }: Step, pattern: string): string[][] {
  const isLive = (key: string) => slots.cell(key, nowMs) !== undefined
  const found = [...slots.keys()].filter((key) => matchesGlob(pattern, key) && isLive(key))
  const batches: string[][] = []
  for (let at = 0; at < found.length; at += scanKeysMax) {
    batches.push(found.slice(at, at + scanKeysMax))
  }
  return batches
}
