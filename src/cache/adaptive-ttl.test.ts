/** How long values live that adapt, and what `lookup` says of it. */
import { describe, expect, test } from 'vitest'
import { useWorld } from './aging-world.test-support.ts'

describe('an early refresh', () => {
  const world = useWorld({ earlyRefresh: { beta: 50 } })
  /** Loads of 100 ms: the refresh begins about five seconds before the end. */
  const slow = async () => {
    const { clock, loads } = world()
    await new Promise<void>((resolve) => clock.timer(100, resolve))
    return loads
  }

  test('is begun by a read near the end, and nobody waits for it', async () => {
    world().load = slow
    const { item } = await world().open()
    await world().after(101, item.get('a'))
    let waited = 0
    for (let read = 0; read < 80; read++) {
      await world().pass(400)
      if ((await world().after(101, item.lookup('a'))).from !== 'memory') waited++
    }
    // Of more than six ends, the draw came too late for one.
    expect(waited).toBeLessThan(2)
    expect(world().loads).toBeGreaterThan(6)
    expect(world().loads).toBeLessThan(20)
  })

  test('is run by one process of many', async () => {
    const items = []
    for (let process = 0; process < 5; process++) items.push((await world().open()).item)
    let most = 0
    let atOnce = 0
    world().load = async () => {
      most = Math.max(most, ++atOnce)
      const value = await slow()
      atOnce--
      return value
    }
    for (let read = 0; read < 80; read++) {
      const reads = items.map((item) => item.lookup('a'))
      await world().pass(400)
      for (const outcome of await Promise.all(reads)) expect(outcome.stale).toBe(false)
    }
    expect(most).toBe(1)
    expect(world().loads).toBeGreaterThan(4)
    expect(world().loads).toBeLessThan(30)
  })
})

describe('by access', () => {
  const world = useWorld({ maxStale: '25s', adaptiveTtl: { access: { extend: '8s' } } })

  test('what is read in the last half of its life lives longer, up to maxStale', async () => {
    const { item } = await world().open()
    await item.get('a')
    const ages: number[] = []
    for (let second = 1; second <= 24; second++) {
      await world().pass(1_000)
      const outcome = await item.lookup('a')
      if (outcome.from === 'memory') ages.push(second)
    }
    expect(ages).toEqual(Array.from({ length: 24 }, (_, index) => index + 1))
    const outcome = await item.lookup('a')
    expect(outcome.ttl?.ms).toBe(25_000)
    expect(outcome.ttl?.because.at(-1)).toEqual({ rule: 'access', ms: 25_000 })
    await world().pass(1_000)
    expect(await world().after(0, item.lookup('a'))).toMatchObject({ from: 'source', value: 2 })
  })

  test('what is read only in the first half does not', async () => {
    const { item } = await world().open()
    await item.get('a')
    await world().pass(4_000)
    await item.get('a')
    await world().pass(6_000)
    expect(await world().after(0, item.lookup('a'))).toMatchObject({ from: 'source', value: 2 })
  })

  test('an invalidation ends an extended life as any other', async () => {
    const { item } = await world().open()
    const { item: other } = await world().open()
    await item.get('a')
    await world().pass(8_000)
    await item.get('a')
    await world().pass(4_000)
    expect(await item.lookup('a')).toMatchObject({ from: 'memory', value: 1 })
    await world().after(10, other.invalidate(['a']))
    expect(await world().after(0, item.get('a'))).toBe(2)
  })
})

describe('by volatility', () => {
  const world = useWorld({
    adaptiveTtl: {
      volatility: {
        distance: (before: number, after: number) => Math.abs(after - before),
        ...{ calm: 1, wild: 100, longest: '60s', shortest: '2s' },
      },
    },
  })
  const loaded = async (value: number) => {
    world().load = async () => value
    const { item } = await world().open()
    const outcome = await world().after(0, item.lookup('a', { consistency: 'fresh' }))
    return outcome.ttl
  }

  test('calm values live longest, and wild ones shortest', async () => {
    const { item } = await world().open()
    const ttls: number[] = []
    for (const value of [5, 5, 5, 1_000, 2_000]) {
      world().load = async () => value
      const outcome = await world().after(0, item.lookup('a', { consistency: 'fresh' }))
      ttls.push(Math.round((outcome.ttl?.ms ?? 0) / 1_000))
    }
    const [first = 0, calm = 0, , , wild = 0] = ttls
    expect(first).toBeGreaterThanOrEqual(9)
    expect(first).toBeLessThanOrEqual(10)
    expect(calm).toBeGreaterThanOrEqual(54)
    expect(wild).toBeLessThanOrEqual(2)
  })

  test('says of each step what it came to', async () => {
    await loaded(5)
    const { item } = await world().open()
    world().load = async () => 5
    await world().after(0, item.refresh('a'))
    await world().after(0, item.refresh('a'))
    const { ttl } = await item.lookup('a')
    expect(ttl?.because.map(({ rule }) => rule)).toEqual(['ttl', 'volatility', 'jitter'])
    expect(ttl?.because[1]?.ms).toBe(60_000)
  })

  test('another process says that the one that stored it has decided', async () => {
    await loaded(5)
    const { item } = await world().open()
    const { ttl } = await world().after(0, item.lookup('a'))
    expect(ttl?.because).toEqual([{ rule: 'stored', ms: ttl?.ms }])
  })
})
describe('by recent activity', () => {
  const world = useWorld({
    ttl: '180s',
    adaptiveTtl: { activity: { ttl: '30s', for: '10m' } },
  })
  const agedTo = async (ms: number) => {
    const items = [(await world().open()).item, (await world().open()).item]
    for (const item of items) await world().after(1, item.get('a'))
    await world().pass(ms)
    return items
  }

  test('what is held lives shorter at once, in every process', async () => {
    const [item, other] = await agedTo(20_000)
    await world().after(1, item?.activity(['a']) ?? Promise.resolve())
    for (const one of [item, other]) {
      const outcome = await one?.lookup('a')
      expect(outcome).toMatchObject({ from: 'memory', value: 1 })
      expect(outcome?.ttl?.because.at(-1)).toEqual({ rule: 'activity', ms: 30_000 })
    }
    await world().pass(10_000)
    expect(await world().after(1, other?.get('a') ?? Promise.resolve())).toBe(2)
    expect(await world().after(1, item?.get('a') ?? Promise.resolve())).toBe(2)
  })

  test('what is older than that is loaded by the next read', async () => {
    const [item, other] = await agedTo(40_000)
    await world().after(1, item?.activity(['a']) ?? Promise.resolve())
    expect(await world().after(1, other?.get('a') ?? Promise.resolve())).toBe(2)
  })

  test('what is loaded meanwhile lives shorter, and as long as ever afterwards', async () => {
    const { item } = await world().open()
    await world().after(1, item.activity(['a']))
    await world().after(1, item.get('a'))
    const { ttl } = await item.lookup('a')
    expect(ttl?.because.map(({ rule }) => rule)).toEqual(['ttl', 'activity', 'jitter'])
    expect(ttl?.ms).toBeLessThanOrEqual(30_000)
    await world().pass(600_000)
    await world().after(1, item.get('a'))
    await world().pass(100_000)
    expect(await item.lookup('a')).toMatchObject({ from: 'memory' })
  })

  test('other keys live as long as ever', async () => {
    const { item } = await world().open()
    await world().after(1, item.getMany(['a', 'b']))
    await world().after(1, item.activity(['a']))
    await world().pass(100_000)
    expect(await item.lookup('b')).toMatchObject({ from: 'memory' })
  })

  test('a process without memory reads by it too', async () => {
    const { item } = await world().open({ hasMemory: false })
    await world().after(1, item.get('a'))
    await world().pass(40_000)
    await world().after(1, item.activity(['a']))
    expect(await world().after(1, item.get('a'))).toBe(2)
  })
})

describe('a family without activity', () => {
  const world = useWorld({})

  test('refuses it, and says nothing of its TTL', async () => {
    const { item } = await world().open()
    const refused = expect.objectContaining({ code: 'SP_OPTION_INVALID' })
    await expect(item.activity(['a'])).rejects.toEqual(refused)
    expect((await world().after(1, item.lookup('a'))).ttl).toBeUndefined()
    expect((await item.lookup('a')).ttl).toBeUndefined()
  })
})
