import { afterEach, beforeEach, expect, it } from 'vitest'
import { processIdentity } from '../../services/launcher/process-identity.ts'
import type { EchoCalls } from './echo-worker.ts'
import { spawnWorker, type TestWorker } from './processes.ts'

const file = new URL('./echo-worker.ts', import.meta.url)
let worker: TestWorker<EchoCalls>

beforeEach(async () => {
  worker = await spawnWorker<EchoCalls>(file, { start: 40 })
})
afterEach(async () => worker.kill())

it('keeps the state of a worker between calls', async () => {
  await worker.call('add', 1)
  expect(await worker.call('add', 1)).toBe(42)
})

it('finds the library in its source', async () => {
  expect(await worker.call('whereIsTheLibrary')).toMatch(/\/src\/index\.ts$/)
})

it('hands the error of a handler to the caller with name and code', async () => {
  const call = worker.call('fail', 'SP_X')
  await expect(call).rejects.toMatchObject({ name: 'TypeError', message: 'as asked', code: 'SP_X' })
})

it('answers after the pause what was asked during it', async () => {
  worker.pause()
  let isAnswered = false
  const answer = worker.call('add', 2).finally(() => {
    isAnswered = true
  })
  await new Promise((resolve) => setImmediate(resolve))
  expect(isAnswered).toBe(false)
  worker.resume()
  expect(await answer).toBe(42)
})

it('rejects the calls under way when the worker is killed', async () => {
  const call = worker.call('never')
  const rejected = expect(call).rejects.toThrow(/signal SIGKILL/)
  await worker.kill()
  await rejected
  await expect(worker.call('add', 1)).rejects.toThrow(/has ended/)
})

it('stops a paused worker', async () => {
  worker.pause()
  await worker.stop()
  expect(processIdentity(worker.pid)).toBeUndefined()
})

it('rejects with the deadline when a call has no answer', async () => {
  const hasty = await spawnWorker<EchoCalls>(file, { start: 0 }, { deadlineMs: 2_000 })
  await expect(hasty.call('never')).rejects.toThrow(/no answer within 2000 ms/)
  await hasty.stop()
})

it('tells what the worker wrote when it fails to start', async () => {
  const missing = new URL('./no-such-worker.ts', import.meta.url)
  await expect(spawnWorker(missing, {})).rejects.toThrow(/no-such-worker/)
})
