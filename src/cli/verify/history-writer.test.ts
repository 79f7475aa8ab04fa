import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { HistoryRecord } from '../../testing/index.ts'
import { HistoryWriter } from './history-writer.ts'

const record: HistoryRecord = {
  ...{ kind: 'write', process: 'a', key: 'item:1', version: 1 },
  ...{ invokedMs: 1, returnedMs: 1 },
}

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'staleproof-history-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const linesIn = (file: string) => readFileSync(file, 'utf8').trimEnd().split('\n')

it('has on disk what was written before it was closed, in order', () => {
  const file = join(folder, 'some.jsonl')
  const writer = new HistoryWriter(file)
  writer.promise(600)
  writer.write(record)
  writer.close()
  expect(linesIn(file).map((line) => JSON.parse(line))).toEqual([
    { kind: 'promise', boundMs: 600 },
    record,
  ])
})

it('leaves out what comes after its end, and does not fail for it', () => {
  const file = join(folder, 'late.jsonl')
  const writer = new HistoryWriter(file)
  writer.write(record)
  writer.close()
  writer.write(record)
  writer.flush()
  expect(linesIn(file)).toHaveLength(1)
})
