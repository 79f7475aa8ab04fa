/** Prices move, lists come from the nearest tier, and a batch of prices reaches everyone. */
import { type Check, eventually, expectThat } from './check.ts'
import type { Scene } from './scene.ts'
import { trustBoundMs } from './staleness.ts'

export const pricesMove: Check = {
  title: 'prices arrive and move',
  async run(scene) {
    const markets = await eventually('no markets with prices', 30_000, async () => {
      const found = await scene.markets('volume', 20)
      return found.length > 0 ? found : undefined
    })
    const first = new Map<string, number>()
    for (const { id } of markets) {
      const price = await scene.priceInDatabase(id)
      if (price !== undefined) first.set(id, price.mid)
    }
    expectThat(first.size > 0, `none of ${markets.length} markets has a price`)
    const moved = await eventually('no price moved', 30_000, async () => {
      for (const [id, mid] of first) {
        const price = await scene.priceInDatabase(id)
        if (price !== undefined && price.mid !== mid) return { id, before: mid, after: price.mid }
      }
      return undefined
    })
    return `${first.size} markets priced; ${moved.id} from ${moved.before} to ${moved.after}`
  },
}

export const listFromEveryTier: Check = {
  title: 'a market list comes from the source, then Redis, then memory',
  async run(scene) {
    // A page that nobody else asks for.
    const id = { order: 'liquidity', limit: 17, offset: 3 }
    const first = await scene.look('api', 'marketList', id)
    const second = await scene.look('bot', 'marketList', id)
    const third = await scene.look('bot', 'marketList', id)
    const seen = [first.from, second.from, third.from].join(', ')
    expectThat(seen === 'source, redis, memory', `expected source, redis, memory; saw ${seen}`)
    const isSame = JSON.stringify(first.value) === JSON.stringify(third.value)
    expectThat(isSame, 'the tiers gave different lists')
    return seen
  },
}

export const priceBatchReachesAll: Check = {
  title: 'a batch of prices is visible in Bot and API within the trust bound',
  async run(scene) {
    await scene.control('pause')
    try {
      const lags: number[] = []
      for (let round = 0; round < 5; round++) lags.push(await lagOfOneTick(scene))
      const most = Math.max(...lags)
      expectThat(most <= trustBoundMs, `a price was ${most.toFixed(0)} ms behind the database`)
      return `5 batches, largest lag ${most.toFixed(0)} ms (bound ${trustBoundMs.toFixed(0)} ms)`
    } finally {
      await scene.control('resume')
    }
  },
}

/** Milliseconds from the price's appearance in the database to its being served by both. */
async function lagOfOneTick(scene: Scene): Promise<number> {
  const before = new Map<string, number>()
  for (const { id } of await scene.markets('volume', 20)) {
    const price = await scene.priceInDatabase(id)
    if (price === undefined) continue
    before.set(id, price.seq)
    // Held in memory by both, so that only the invalidation can make it move.
    await Promise.all([scene.look('bot', 'price', id), scene.look('api', 'price', id)])
  }
  await scene.control('tick', { count: 1 })
  const moved = await eventually('no price of the batch in the database', 15_000, async () => {
    for (const [id, seq] of before) {
      const price = await scene.priceInDatabase(id)
      if (price !== undefined && price.seq > seq) return { id, seq: price.seq }
    }
    await scene.control('tick', { count: 1 })
    return undefined
  })
  const committedMs = performance.now()
  await eventually(`the price of ${moved.id} not in Bot and API`, 10_000, async () => {
    const views = await Promise.all([
      scene.look('bot', 'price', moved.id),
      scene.look('api', 'price', moved.id),
    ])
    return views.every((view) => seqOf(view.value) >= moved.seq) ? true : undefined
  })
  return performance.now() - committedMs
}

function seqOf(value: unknown): number {
  const seq: unknown = Object(value).seq
  return typeof seq === 'number' ? seq : -1
}
