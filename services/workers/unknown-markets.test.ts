import { type Cache, openCache } from 'staleproof'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { catalog, type PolycoolFamilies } from '../domain/catalog.ts'
import { silentLogger } from '../process/logger.ts'
import { UnknownMarkets, waitingMax } from './unknown-markets.ts'

let cache: Cache<PolycoolFamilies>
let lookedUp: string[]
let broughtIn: string[][]
let failures: number
let unknown: UnknownMarkets

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  lookedUp = []
  broughtIn = []
  failures = 0
  const many = async (ids: readonly string[]) => {
    lookedUp.push(...ids)
    return ids.map(() => undefined)
  }
  cache = await openCache(catalog, { service: 'workers', sources: { marketByCondition: { many } } })
  unknown = new UnknownMarkets({
    cache,
    log: silentLogger(),
    bringIn: async (ids) => {
      broughtIn.push([...ids])
      if (failures === 0) return
      failures -= 1
      throw new Error('the provider is away')
    },
  })
})
afterEach(async () => {
  await unknown.close()
  vi.useRealTimers()
  await cache.close()
})

async function after(attempts: number): Promise<void> {
  for (let second = 0; second < 60 && broughtIn.length < attempts; second += 1) {
    await vi.advanceTimersByTimeAsync(1_000)
  }
}

test('a market that the provider could not bring is asked for again', async () => {
  failures = 2
  unknown.note('0x1')
  await after(1)
  unknown.note('0x2')
  await after(3)
  expect(broughtIn).toEqual([['0x1'], ['0x1', '0x2'], ['0x1', '0x2']])
  expect(lookedUp).toEqual(['0x1', '0x2'])
})

test('a market that was asked for is not asked for again while its absence is known', async () => {
  unknown.note('0x1')
  await after(1)
  unknown.note('0x1')
  await vi.advanceTimersByTimeAsync(10_000)
  expect(broughtIn).toEqual([['0x1']])
})

test('so many wait for their look-up, and what finds no room is counted', async () => {
  const names = Array.from({ length: waitingMax + 10 }, (_, at) => `0x${at}`)
  for (const name of names) unknown.note(name)
  expect(unknown.counts).toEqual({ waiting: waitingMax, dropped: 10 })
  await after(1)
  expect(broughtIn).toEqual([names.slice(0, waitingMax)])
  expect(unknown.counts).toEqual({ waiting: 0, dropped: 10 })
})
