import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { UPDATES_MAX, UpdateQueue } from './update-queue.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const never = new AbortController().signal
const waiting = { offset: 0, limit: 100, timeoutMs: 30_000, signal: never }

test('gives an update again until it is acknowledged by the next offset', async () => {
  const queue = new UpdateQueue()
  queue.push({ message: 'a' })

  const first = await queue.poll(waiting)
  const again = await queue.poll(waiting)
  const after = await queue.poll({ ...waiting, offset: 2, timeoutMs: 0 })

  expect(first).toEqual([{ update_id: 1, message: 'a' }])
  expect(again).toEqual(first)
  expect(after).toEqual([])
  expect(queue.length).toBe(0)
})

test('wakes a waiting poll at once', async () => {
  const queue = new UpdateQueue()
  const poll = queue.poll(waiting)

  queue.push({ message: 'a' })

  expect(await poll).toHaveLength(1)
  expect(vi.getTimerCount()).toBe(0)
})

test('answers empty when the time is up', async () => {
  const queue = new UpdateQueue()
  const poll = queue.poll(waiting)

  vi.advanceTimersByTime(30_000)

  expect(await poll).toEqual([])
  expect(queue.isPolled).toBe(false)
})

test('ends the earlier of two polls with a conflict', async () => {
  const queue = new UpdateQueue()
  const earlier = queue.poll(waiting)
  const later = queue.poll(waiting)

  queue.push({ message: 'a' })

  expect(await earlier).toBe('conflict')
  expect(await later).toHaveLength(1)
})

test('frees the place of a bot that hangs up', async () => {
  const queue = new UpdateQueue()
  const abort = new AbortController()
  const poll = queue.poll({ ...waiting, signal: abort.signal })

  abort.abort()

  expect(await poll).toEqual([])
  expect(queue.isPolled).toBe(false)
  expect(vi.getTimerCount()).toBe(0)
})

test('takes no more than its bound', () => {
  const queue = new UpdateQueue()
  for (let index = 0; index < UPDATES_MAX; index += 1) queue.push({ message: index })

  expect(queue.push({ message: 'one too many' })).toBe(false)
  expect(queue.length).toBe(UPDATES_MAX)
})
