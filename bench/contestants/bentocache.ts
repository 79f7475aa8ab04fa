/** bentocache with the tiers of its README. It takes texts as keys; they are built before. */
import { randomUUID } from 'node:crypto'
import type { Contestant } from '../contestant.ts'
import { inLanes } from '../lanes.ts'
import type { BentoCache, BentoStore, Peers, RedisAddress } from '../peers.ts'
import {
  accessMask,
  expectQuote,
  type Ids,
  keyCount,
  quoteOf,
  textIds,
  zipfNumbers,
} from '../workload.ts'

const ttl = '10m'

export interface BentoContestOptions {
  readonly name: string
  readonly peers: Peers
  readonly redisUrl: string | undefined
}

export function bentoMemoryGet<Id>(options: BentoContestOptions & { ids: Ids<Id> }): Contestant {
  const bento = openBento(options, 'both')
  let keys: readonly string[] = []
  let at = 0
  return {
    name: options.name,
    share: 0.1,
    async prepare() {
      const all = await fillBento(bento, options.ids)
      keys = zipfNumbers().map((number) => all[number] ?? '')
      await checkBento(bento, options)
    },
    async run(operations) {
      let good = 0
      for (let operation = 0; operation < operations; operation++) {
        at = (at + 1) & accessMask
        if ((await bento.get({ key: keys[at] ?? '' })) !== undefined) good++
      }
      return good
    },
    close: () => bento.disconnectAll(),
  }
}

/** Without its memory, so that each read goes to Redis. */
export function bentoRedisGet(options: BentoContestOptions & { lanes: number }): Contestant {
  const bento = openBento(options, 'redis')
  let keys: readonly string[] = []
  let at = 0
  return {
    name: options.name,
    async prepare() {
      keys = await fillBento(bento, textIds)
      await checkBento(bento, { ...options, ids: textIds })
    },
    run: (operations) =>
      inLanes(options.lanes, operations, async () => {
        at = (at + 1) % keyCount
        return (await bento.get({ key: keys[at] ?? '' })) !== undefined
      }),
    close: () => bento.disconnectAll(),
  }
}

/** It has no call for many keys: as many calls at once. */
export function bentoBatchGet(options: BentoContestOptions & { batch: number }): Contestant {
  const bento = openBento(options, 'redis')
  const { batch } = options
  let keys: readonly string[] = []
  let at = 0
  return {
    name: options.name,
    share: 0.25,
    async prepare() {
      keys = await fillBento(bento, textIds)
      await checkBento(bento, { ...options, ids: textIds })
    },
    run: (operations) =>
      inLanes(1, operations, async () => {
        at = (at + batch) % keyCount
        const wanted = keys.slice(at, at + batch)
        const values = await Promise.all(wanted.map((key) => bento.get({ key })))
        return values.every((value) => value !== undefined)
      }),
    close: () => bento.disconnectAll(),
  }
}

/** A missing key with each operation, or a batch of them. */
export function bentoLoad(
  options: BentoContestOptions & { lanes: number; batch?: number },
): Contestant {
  const bento = openBento(options, 'both')
  const { batch = 1, lanes, name } = options
  let next = 0
  let loads = 0
  const load = (number: number) =>
    bento.getOrSet({
      key: textIds.keyOf(textIds.of(number)),
      ttl,
      factory: async () => {
        loads++
        return quoteOf(number)
      },
    })
  return {
    name,
    share: batch === 1 ? 1 : 0.25,
    prepare: async () => {
      expectQuote(name, 0, await load(next++))
      expectQuote(name, 0, await load(0))
      if (loads !== 1) throw new Error(`${name} loaded one key ${loads} times`)
    },
    async run(operations) {
      const before = loads
      await inLanes(lanes, operations, async () => {
        const first = next
        next += batch
        await Promise.all(Array.from({ length: batch }, (_, at) => load(first + at)))
        return true
      })
      return (loads - before) / batch
    },
    close: () => bento.disconnectAll(),
  }
}

function openBento(options: BentoContestOptions, tiers: 'both' | 'redis'): BentoCache {
  const { peers, redisUrl } = options
  const store = storeOf(peers, tiers, redisUrl === undefined ? undefined : addressOf(redisUrl))
  // Contests of one run must not find each other's keys.
  const prefix = `bento-${randomUUID()}`
  return new peers.BentoCache({ default: 'all', prefix, stores: { all: store } })
}

/** Its memory holds 1,000 items by default; hits need room for all keys. */
function storeOf(
  peers: Peers,
  tiers: 'both' | 'redis',
  connection: RedisAddress | undefined,
): BentoStore {
  const empty = peers.bentostore()
  const memory = peers.memoryDriver({ maxSize: '50mb', maxItems: keyCount })
  if (connection === undefined) return empty.useL1Layer(memory)
  const redis = peers.redisDriver({ connection })
  if (tiers === 'redis') return empty.useL2Layer(redis)
  const bus = peers.redisBusDriver({ connection })
  return empty.useL1Layer(memory).useL2Layer(redis).useBus(bus)
}

function addressOf(redisUrl: string): RedisAddress {
  const { hostname, port, username, password } = new URL(redisUrl)
  const address = { host: hostname, port: Number(port || 6_379) }
  return password === '' ? address : { ...address, username, password }
}

async function fillBento<Id>(bento: BentoCache, ids: Ids<Id>): Promise<readonly string[]> {
  const keys = Array.from({ length: keyCount }, (_, number) => ids.keyOf(ids.of(number)))
  await inLanes(64, keyCount, async (number) => {
    await bento.set({ key: keys[number] ?? '', value: quoteOf(number), ttl })
    return true
  })
  return keys
}

async function checkBento<Id>(
  bento: BentoCache,
  { name, ids }: { readonly name: string; readonly ids: Ids<Id> },
): Promise<void> {
  for (const number of [0, 7, 9_999]) {
    expectQuote(name, number, await bento.get({ key: ids.keyOf(ids.of(number)) }))
  }
}
