/** What the embedded server holds, told as Redis tells what it holds. */
import type { EmbeddedServer } from '../../embedded/embedded-server.ts'
import { BUCKET, LOCK, SLOT } from './debug-scripts.test-support.ts'

export const KEYS = ['a', 'b:1', 'c%2C', 'd'] as const
export const LOCKS = ['job', 'x:1'] as const
export const BUCKETS = ['api', 'api:c%2C'] as const
export const PROCESS = 'p1'
/** The keys of slots, locks and buckets on Redis. */
export const NAMES: readonly string[] = [
  ...KEYS.map((key) => SLOT + key),
  ...LOCKS.map((name) => LOCK + name),
  ...BUCKETS.map((name) => BUCKET + name),
]

/** Aligned with `NAMES`, as PTTL says it. */
export function livesOf(server: EmbeddedServer): number[] {
  const { partition, nowMs } = server.step(0)
  const slots = KEYS.map((key) => server.ttlMs(key))
  const locks = LOCKS.map((name) => partition.locks.ttlMs(name, nowMs))
  return [...slots, ...locks, ...BUCKETS.map((name) => partition.buckets.ttlMs(name, nowMs))]
}

/** Texts, record and registry, one in a line. */
export function snapshotOf(server: EmbeddedServer): string {
  const texts = KEYS.map((key) => {
    if (server.ttlMs(key) === -2) return '(absent)'
    return server.text(key) ?? '(foreign)'
  })
  const { partition, nowMs } = server.step(0)
  const { record, registry } = partition
  const locks = LOCKS.map((name) => partition.locks.cell(name, nowMs)?.text ?? '(absent)')
  const buckets = BUCKETS.map((name) => partition.buckets.cell(name, nowMs)?.text ?? '(absent)')
  const fields =
    record === 'foreign'
      ? '(foreign)'
      : [...(record ?? [])]
          .map(([field, text]) => `${field}=${text}`)
          .sort()
          .join(' ')
  const members = [...registry.members].map(([name, { untilMs }]) => ({ name, untilMs }))
  members.sort((a, b) => a.untilMs - b.untilMs || (a.name < b.name ? -1 : 1))
  const list = members.map(({ name, untilMs }) => `${name} ${untilMs}`)
  if (registry.birth !== undefined) list.push(`birth|${registry.birth} inf`)
  return [...texts, ...locks, ...buckets, fields, list.join(' ')].join('\n')
}
