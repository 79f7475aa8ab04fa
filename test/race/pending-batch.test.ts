/**
 * An invalidation that Redis could not be told is delivered while a batch with its key is
 * being looked up: whatever the order, every read is answered, and with the new value.
 */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeWithRedis } from '../servers/redis.ts'
import { Arena, type WorkerPeer } from './arena.ts'
import type { Reading } from './reading.ts'

const rounds = 4
const batchesPerRound = 40
const batchPauseMs = 20
/** In which batch of a round Redis answers again. */
const resumeAt = 15
const answerMsMax = 5_000

describeWithRedis('a batch with a key of which the invalidation is pending', () => {
  let arena: Arena
  let worker: WorkerPeer

  beforeAll(async () => {
    arena = await Arena.open()
    worker = await arena.worker()
  })
  afterAll(() => arena.close())

  it('is answered in full while the invalidation is delivered', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const ids = [arena.nextId(), arena.nextId()] as const
      for (const id of ids) arena.database.write('item', id, 1)
      await worker.call('readMany', 'item', ids)
      arena.redis.freeze()
      arena.database.write('item', ids[0], 2)
      await worker.call('invalidateOrPending', 'item', ids[0])
      const readings = (await readThrough(ids)).flat()
      expect(readings).toHaveLength(2 * batchesPerRound)
      expect(readings.filter((_, index) => index % 2 === 0).every(isNew)).toBe(true)
    }
  })

  const isNew = (reading: Reading | undefined) => reading?.version === 2

  /** Batches follow each other closely while Redis comes back. */
  async function readThrough(ids: readonly number[]): Promise<readonly (readonly Reading[])[]> {
    const batches: Promise<Reading[]>[] = []
    await every(batchPauseMs, batchesPerRound, (index) => {
      if (index === resumeAt) arena.redis.resume()
      const strict = { consistency: 'strict' } as const
      const batch = inTime(worker.call('readMany', 'item', ids, strict))
      // Looked at when all have been sent.
      batch.catch(() => {})
      batches.push(batch)
    })
    return Promise.all(batches)
  }
})

function every(pauseMs: number, times: number, act: (index: number) => void): Promise<void> {
  return new Promise((resolve) => {
    let index = 0
    const timer = setInterval(() => {
      act(index++)
      if (index < times) return
      clearInterval(timer)
      resolve()
    }, pauseMs)
  })
}

async function inTime<Answer>(answer: Promise<Answer>): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${answerMsMax} ms`)), answerMsMax)
  })
  return Promise.race([answer, late]).finally(() => clearTimeout(timer))
}
