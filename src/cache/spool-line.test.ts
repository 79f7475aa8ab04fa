import { expect, test } from 'vitest'
import type { JournalRecord } from '../coherence/index.ts'
import { formatSpoolLine, parseSpoolLine } from './spool-line.ts'

const entry = { partition: 3, reason: 'moved "on"', sinceMs: 7, via: 'retry' } as const
const plain = { key: 'a:1', order: '', keepsOrder: true, floorMs: 5, tokens: ['t'] }
const records: readonly JournalRecord[] = [
  { ...entry, wish: { kind: 'floor' } },
  { ...entry, wish: { kind: 'tag', tag: 'user%3A7' } },
  { ...entry, wish: { kind: 'key', ask: { ...plain, settle: undefined } } },
  { ...entry, wish: { kind: 'key', ask: { ...plain, settle: { token: 's', ms: 9 } } } },
  { pattern: 'a:*', reason: '', sinceMs: 7 },
]

test.each(records)('is read back as it was written: %o', (record) => {
  const line = formatSpoolLine(record)
  expect(line).not.toContain('\n')
  expect(parseSpoolLine(line)).toEqual(record)
})

test.each([
  ['nothing', ''],
  ['something else', 'null'],
  ['half a line', formatSpoolLine({ pattern: 'a:*', reason: '', sinceMs: 7 }).slice(0, -3)],
  ['a wish of no kind', JSON.stringify({ ...entry, wish: { kind: 'all' } })],
  ['a wish of no partition', JSON.stringify({ ...entry, partition: '3', wish: { kind: 'floor' } })],
  ['a tag without its text', JSON.stringify({ ...entry, wish: { kind: 'tag' } })],
  ['a key without its text', JSON.stringify({ ...entry, wish: { kind: 'key', ask: {} } })],
  [
    'tokens that are none',
    JSON.stringify({ ...entry, wish: { kind: 'key', ask: { ...plain, tokens: [1] } } }),
  ],
  ['no time', JSON.stringify({ pattern: 'a:*', reason: '' })],
])('is damaged: %s', (_, line) => {
  expect(parseSpoolLine(line)).toBeUndefined()
})
