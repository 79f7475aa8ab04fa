/** What becomes of invalidations that Redis could not be told about. */
import { StaleproofError } from 'staleproof'
import { expect, it } from 'vitest'
import { Recorder } from '../contract/events.ts'
import { eventually } from '../servers/eventually.ts'
import { describeWithRedis } from '../servers/redis.ts'
import { budgetMs, type ItemCache, noiseMs, timed, useWorld, type World } from './world.ts'

const journalKeysMax = 10_000

describeWithRedis('a pending invalidation', () => {
  const theWorld = useWorld()

  it('is delivered before the first read, and then reaches the other processes', async () => {
    const { database, ...world } = theWorld()
    const { writer, other } = await writerCutOff({ database, ...world })
    database.value = 2
    const { token } = await pendingReceipt(writer)
    expect(other.item.peek('a')).toBe(1)
    expect(await other.item.get('a', { after: token })).toBe(2)
    expect(await writer.item.lookup('a')).toMatchObject({ from: 'source', value: 2 })
    database.value = 3
    expect(await writer.item.lookup('a')).toMatchObject({ from: 'source', value: 3 })
    await writer.item.invalidate('a').catch(() => {})

    world.proxy.mode('all', 'pass')
    await eventually('it is read from Redis again', async () => {
      const outcome = await writer.item.lookup('a')
      expect(outcome.value).toBe(3)
      return outcome.from === 'redis' || outcome.from === 'memory'
    })
    expect(writer.pending()).toEqual([])
    await eventually('the other has dropped it', async () => (await other.item.get('a')) === 3)
  })

  it('is delivered without any call, and told to observers as a retry', async () => {
    const world = theWorld()
    const { writer, other } = await writerCutOff(world, 'refuse')
    const recorder = new Recorder()
    writer.observe(recorder)
    world.database.value = 2
    await pendingReceipt(writer)
    world.proxy.mode('all', 'pass')
    await eventually('the other serves the new value', async () => {
      return (await other.item.get('a')) === 2
    })
    await eventually('nothing is pending', () => writer.pending().length === 0)
    const told = recorder.of('invalidate').map(({ via, pending }) => [via, pending.length])
    expect(told).toContainEqual(['call', 1])
    expect(told).toContainEqual(['retry', 0])
  })

  it('is kept once for each key, since the first time', async () => {
    const world = theWorld()
    const { writer } = await writerCutOff(world)
    await pendingReceipt(writer)
    const [first] = writer.pending()
    await writer.item.invalidate('a', { reason: 'again' }).catch(() => {})
    await writer.item.invalidate(['b', 'a']).catch(() => {})
    expect(writer.pending().map(({ key }) => key)).toEqual(['item:a', 'item:b'])
    expect(writer.pending()[0]?.sinceMs).toBe(first?.sinceMs)
    expect(writer.stats().delivery).toMatchObject({ pending: 2, late: 0 })
    expect(writer.stats().delivery.oldestAgeMs).toBeGreaterThan(0)
    expect(writer.health().reasons.join()).toContain('2 invalidations are pending')
  })

  it('beyond ten thousand becomes one of its family, which voids every older value', async () => {
    const world = theWorld()
    const { writer, other } = await writerCutOff(world)
    await other.item.get('untouched')
    await other.settled()
    const ids = Array.from({ length: journalKeysMax + 1 }, (_, index) => `n${index}`)
    await writer.item.invalidate(ids.slice(1)).catch(() => {})
    expect(writer.pending()).toHaveLength(journalKeysMax)
    await writer.item.invalidate(ids.slice(0, 1)).catch(() => {})
    expect(writer.pending()).toEqual([
      { key: 'family:item', reason: 'overflow', sinceMs: expect.any(Number) },
    ])
    world.database.value = 2
    expect(await writer.item.lookup('untouched')).toMatchObject({ from: 'source', value: 2 })
    world.proxy.mode('all', 'pass')
    await eventually('the family is invalidated', () => writer.pending().length === 0)
    await eventually('memories obey it', async () => (await other.item.get('untouched')) === 2)
    expect(writer.stats().delivery).toMatchObject({ overflows: 1, late: 1, oldestAgeMs: undefined })
    expect(await other.item.get('a', { consistency: 'strict' })).toBe(2)
  })

  it('of an invalidation that was executed but not answered does no harm', async () => {
    const world = theWorld()
    const { writer, other } = await writerCutOff(world, { toServer: 'pass', toClient: 'hold' })
    world.database.value = 2
    await pendingReceipt(writer)
    await eventually('the other has heard of it', async () => (await other.item.get('a')) === 2)
    world.proxy.mode('all', 'pass')
    await eventually('nothing is pending', () => writer.pending().length === 0)
    expect(await writer.item.get('a')).toBe(2)
  })

  it('is reported when the cache closes before it could be delivered', async () => {
    const world = theWorld()
    const { writer } = await writerCutOff(world)
    const recorder = new Recorder()
    writer.observe(recorder)
    await pendingReceipt(writer)
    const tookMs = await timed(() => writer.close())
    expect(tookMs).toBeLessThan(3_000)
    const errors = recorder.of('fault').map(({ error }) => error)
    expect(errors).toContainEqual(expect.objectContaining({ code: 'SP_INVALIDATION_PENDING' }))
  })

  it('is sent when the cache closes with Redis back', async () => {
    const world = theWorld()
    const { writer, other } = await writerCutOff(world)
    world.database.value = 2
    await pendingReceipt(writer)
    world.proxy.mode('all', 'pass')
    await writer.close()
    await eventually('the other serves the new value', async () => {
      return (await other.item.get('a')) === 2
    })
  })
})

/** Both hold the same value in memory; then the writer alone loses its network. */
async function writerCutOff(
  { open, server, proxy }: World,
  mode: Parameters<World['proxy']['mode']>[1] = 'blackhole',
): Promise<{ writer: ItemCache; other: ItemCache }> {
  const writer = await open()
  const other = await open({ redis: server.url })
  await writer.item.get('a')
  await writer.settled()
  await other.item.get('a')
  // The server knows the script from here on, so a request alone is enough to run it.
  await writer.item.invalidate('warm')
  proxy.mode('all', mode)
  if (mode === 'refuse') proxy.cut('all')
  return { writer, other }
}

async function pendingReceipt(cache: ItemCache): Promise<{ token: string }> {
  const startMs = performance.now()
  const error: unknown = await cache.item.invalidate('a').catch((caught: unknown) => caught)
  expect(performance.now() - startMs).toBeLessThan(budgetMs + noiseMs)
  if (!(error instanceof StaleproofError) || error.receipt === undefined) {
    throw new Error(`expected a pending invalidation, got ${error}`)
  }
  expect(error.code).toBe('SP_INVALIDATION_PENDING')
  return error.receipt
}
