import type { Key, Receipt } from 'staleproof'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Transaction } from '../database/connection.ts'
import type { PolycoolCache, Write } from '../domain/writes.ts'
import { commitWrite, doubtMs, type Writing } from './commit-write.ts'
import { silentLogger } from './logger.ts'

const [shown, known]: readonly [Key, Key] = [
  { family: 'positions', text: 'api:positions:1' },
  { family: 'user', text: 'api:user:1' },
]
const token = '1.0~AbCd_-12~EfGhIjKl~z'
const receipt: Receipt = { keys: [], reached: 1, pending: [], ms: 1, token }

let told: string[]
/** What becomes of a transaction after its statements. */
let commit: () => void

const write: Write<string> = {
  reason: 'position_created',
  service: 'api',
  tables: [],
  keys: () => [shown],
  tags: () => ['lists'],
  sets: {
    keys: () => [known],
    set: async () => {
      told.push('set')
      return []
    },
  },
}

// Only what a write asks of them.
const cache = {
  invalidate: async (keys: readonly Key[]) => {
    told.push(...keys.map((key) => key.text))
    return receipt
  },
  invalidateTag: async (tags: readonly string[]) => {
    told.push(...tags)
    return receipt
  },
} as unknown as PolycoolCache
const writing: Writing = {
  cache,
  log: silentLogger(),
  transact: async (_, run) => {
    const result = await run({} as Transaction)
    commit()
    return result
  },
}

beforeEach(() => {
  vi.useFakeTimers()
  told = []
  commit = () => undefined
})
afterEach(() => {
  vi.useRealTimers()
})

function loseTheAnswer(): void {
  commit = () => {
    throw new Error('Connection terminated unexpectedly')
  }
}

test('what was committed is told, with the values that it left', async () => {
  const run = async () => ({ result: 7, change: 'bought' })
  expect(await commitWrite(writing, write, run)).toEqual({ result: 7, token })
  expect(told.toSorted()).toEqual([shown.text, 'lists', 'set'].toSorted())
})

test('a commit without an answer invalidates all of it at once and sets nothing', async () => {
  loseTheAnswer()
  const run = async () => ({ result: 7, change: 'bought' })
  await expect(commitWrite(writing, write, run)).rejects.toThrow('terminated')
  expect(told).toEqual([shown.text, known.text, 'lists'])
})

test('and once more when the database has ended what was still under way', async () => {
  loseTheAnswer()
  const run = async () => ({ result: 7, change: 'bought' })
  await expect(commitWrite(writing, write, run)).rejects.toThrow('terminated')
  told = []
  await vi.advanceTimersByTimeAsync(doubtMs - 1)
  expect(told).toEqual([])
  await vi.advanceTimersByTimeAsync(1)
  expect(told).toEqual([shown.text, known.text, 'lists'])
})

test('a write that was refused or changed nothing tells nobody', async () => {
  const refused = () => Promise.reject(new RangeError('too poor'))
  await expect(commitWrite(writing, write, refused)).rejects.toThrow('too poor')
  loseTheAnswer()
  const run = async () => ({ result: 7, change: undefined })
  await expect(commitWrite(writing, write, run)).rejects.toThrow('terminated')
  await vi.advanceTimersByTimeAsync(doubtMs)
  expect(told).toEqual([])
})
