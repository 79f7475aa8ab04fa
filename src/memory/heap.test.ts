import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, test } from 'vitest'
import type { HeapReport } from './heap.test-support.ts'

/** Of the process that measures. */
const timeoutMs = 60_000

let report: HeapReport

beforeAll(async () => {
  const script = new URL('heap.test-support.ts', import.meta.url).pathname
  const loader = new URL('../../test/servers/typescript-loader.mjs', import.meta.url).href
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--expose-gc', '--import', loader, script],
    { timeout: timeoutMs },
  )
  report = JSON.parse(stdout)
}, timeoutMs)

describe('memory, measured in a process of its own', () => {
  test.each(['number', 'text'] as const)(
    'holds an entry in 110 bytes of heap besides its key, a %s, and its value',
    (kind) => {
      expect(report.entryBytes[kind]).toBeGreaterThan(60)
      expect(report.entryBytes[kind]).toBeLessThanOrEqual(110)
    },
  )

  test.each([
    'a small object',
    'a list of objects',
    'a long text',
    'a map of maps',
    'an array of numbers',
  ])('takes %s for what it is, give or take a quarter', (shape) => {
    expect(report.ratios[shape]).toBeGreaterThan(0.75)
    expect(report.ratios[shape]).toBeLessThan(1.25)
  })

  test.each(['short', 'long'] as const)(
    'takes entries under ids of several fields, some %s, for what they are, give or take a quarter',
    (length) => {
      expect(report.fieldRatios[length]).toBeGreaterThan(0.75)
      expect(report.fieldRatios[length]).toBeLessThan(1.25)
    },
  )

  test.each(['one field', 'several'] as const)(
    'keeps of a text that an id of %s was cut from nothing but the id',
    (fields) => {
      expect(report.cutIdBytes[fields]).toBeLessThan(1_000)
    },
  )

  test('keeps of a slot that a tag was cut from nothing but the tag', () => {
    expect(report.cutBytes).toBeLessThan(1_000)
  })
})
