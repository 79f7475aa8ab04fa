/** The judge of histories is judged by forged ones, where the answer is known. */
import { expect, it } from 'vitest'
import {
  checkHistory,
  type HistoryOperation,
  type ReadOperation,
  type WriteOperation,
} from './history-checker.ts'

const boundMs = 600

function write(version: number, atMs: number, more: Partial<WriteOperation> = {}): WriteOperation {
  const times = { invokedMs: atMs - 10, returnedMs: atMs, resolvedMs: atMs }
  return { kind: 'write', process: 'a', key: 'k', version, note: '', ...times, ...more }
}

function read(version: number, atMs: number, more: Partial<ReadOperation> = {}): ReadOperation {
  const times = { invokedMs: atMs, returnedMs: atMs + 1, afterVersion: undefined }
  const rest = { process: 'b', key: 'k', isFromMemory: false, note: '' }
  return { kind: 'read', version, ...times, ...rest, ...more }
}

const rulesBroken = (...history: HistoryOperation[]): readonly string[] =>
  checkHistory(history, boundMs).map((violation) => violation.rule)

it('passes reads that see every write', () => {
  expect(rulesBroken(write(1, 100), read(1, 200), write(2, 300), read(2, 301))).toEqual([])
})

it('catches an old value from Redis or a source at once', () => {
  expect(rulesBroken(write(1, 100), write(2, 300), read(1, 301))).toEqual(['bound'])
})

it('lets memory lag by the bound and no longer', () => {
  const memory = { isFromMemory: true }
  expect(rulesBroken(write(1, 100), write(2, 300), read(1, 900, memory))).toEqual([])
  expect(rulesBroken(write(1, 100), write(2, 300), read(1, 901, memory))).toEqual(['bound'])
})

it('counts the highest write when invalidations resolve out of order', () => {
  expect(rulesBroken(write(3, 100), write(2, 300), read(2, 400))).toEqual(['bound'])
})

it('asks nothing of a read that began before the invalidation had resolved', () => {
  const slow = { invokedMs: 250, returnedMs: 500 }
  expect(rulesBroken(write(1, 100), write(2, 300), read(1, 0, slow))).toEqual([])
})

it('asks nothing for an invalidation that was refused, as far as others go', () => {
  const refused = write(2, 300, { resolvedMs: undefined })
  expect(rulesBroken(write(1, 100), refused, read(1, 2_000))).toEqual([])
})

it('catches a read behind its receipt, whatever the time', () => {
  const carrying = { isFromMemory: true, afterVersion: 2 }
  expect(rulesBroken(write(1, 100), write(2, 300), read(1, 301, carrying))).toEqual(['receipt'])
})

it('catches a process behind its own write, also from memory', () => {
  const own = { process: 'a', isFromMemory: true }
  expect(rulesBroken(write(1, 100), write(2, 300), read(1, 301, own))).toEqual(['own write'])
})

it('catches a value that nobody had begun to write', () => {
  expect(rulesBroken(write(1, 100), read(2, 200))).toEqual(['from nowhere'])
})

it('keeps keys apart', () => {
  expect(rulesBroken(write(1, 100), write(2, 300, { key: 'other' }), read(1, 400))).toEqual([])
})
