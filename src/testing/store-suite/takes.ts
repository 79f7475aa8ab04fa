import { type TakeReply, takeWaitMsMax } from '../../core/token-bucket.ts'
import type { StoreBench, Topic } from './bench.ts'

const secondMicros = 1_000_000
/** Three tokens, of which one comes back in a hundred seconds. */
const slow = { intervalMicros: 100 * secondMicros, capacityMicros: 300 * secondMicros }

async function take(bench: StoreBench, count = 1, waitMicros = 0): Promise<TakeReply | undefined> {
  return (await bench.store.take(0, [{ name: 'api', ...slow, count, waitMicros }]))[0]
}

const remaining = (replies: readonly TakeReply[]) => replies.map((reply) => reply.remaining)

export const takes: Topic = ({ expect }, test) => {
  test('give what is there, and refuse what is not', async (bench) => {
    expect(await take(bench, 2)).toEqual({ kind: 'granted', waitMs: 0, remaining: 1 })
    expect(await take(bench)).toEqual({ kind: 'granted', waitMs: 0, remaining: 0 })
    expect(await take(bench)).toMatchObject({ kind: 'refused', remaining: 0 })
  })

  test('that are refused take nothing, and are told how long the tokens need', async (bench) => {
    await take(bench, 2)
    const refused = await take(bench, 3)
    const retryAfterMs = refused?.kind === 'refused' ? refused.retryAfterMs : 0
    expect(retryAfterMs).toBeGreaterThan(190_000)
    expect(200_001 - retryAfterMs).toBeGreaterThan(0)
    expect(await take(bench)).toMatchObject({ kind: 'granted', remaining: 0 })
  })

  test('in one call are answered each, in their order', async (bench) => {
    const ask = { name: 'api', ...slow, waitMicros: 0 }
    const counts = [2, 2, 1]
    const replies = await bench.store.take(0, [
      ...counts.map((count) => ({ ...ask, count })),
      { ...ask, name: 'api:other', count: 1 },
    ])
    expect(replies.map(({ kind }) => kind)).toEqual(['granted', 'refused', 'granted', 'granted'])
    expect(remaining(replies)).toEqual([1, 1, 0, 2])
  })

  test('that may wait are promised the next tokens, one after the other', async (bench) => {
    await take(bench, 3)
    const ask = { name: 'api', intervalMicros: 20 * secondMicros, count: 1 }
    const waiting = { ...ask, capacityMicros: 300 * secondMicros, waitMicros: 45 * secondMicros }
    const replies = await bench.store.take(0, [waiting, waiting, waiting])
    expect(replies.map(({ kind }) => kind)).toEqual(['granted', 'granted', 'refused'])
    const [first = 0, second = 0] = replies.map((reply) => {
      return reply.kind === 'granted' ? reply.waitMs : reply.retryAfterMs
    })
    expect(first).toBeGreaterThan(10_000)
    expect(20_001 - first).toBeGreaterThan(0)
    expect(second - first).toBe(20_000)
  })

  test('from a bucket that was emptied in time to come wait no longer than it fills', async (b) => {
    const far = { name: 'api', count: 1_000, waitMicros: 2_000_000 * secondMicros }
    await b.store.take(0, [{ ...far, ...slow }])
    const reply = await take(b)
    const retryAfterMs = reply?.kind === 'refused' ? reply.retryAfterMs : 0
    expect(retryAfterMs).toBeGreaterThan(takeWaitMsMax)
    expect(takeWaitMsMax + 100_001 - retryAfterMs).toBeGreaterThan(0)
  })

  test('find a full bucket where it is lost', async (bench) => {
    await take(bench, 3)
    await bench.world.loseBucket('api')
    expect(await take(bench)).toEqual({ kind: 'granted', waitMs: 0, remaining: 2 })
  })
}
