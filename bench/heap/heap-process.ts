/**
 * A process that holds so many entries in one way, and says how much heap they take. An
 * instance that is filled and closed before pays for code and connections.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { reasonOf } from '../failure.ts'
import { inLanes } from '../lanes.ts'
import type { OpenedLibrary } from '../libraries/library.ts'
import { loadPeers } from '../peers.ts'
import { numberOfText, quoteOf, textIdOf, textIds } from '../workload.ts'
import { holders } from './holders.ts'

/** To the parent. */
export interface Held {
  readonly bytesPerEntry: number
}

const [redisUrl = '', name = '', entryText = ''] = process.argv.slice(2)
const entries = Number(entryText)
const warmUpEntries = 2_000
/** Of an entry that must still be in memory: the source is not asked for it. */
const checkedEvery = 100
const batch = 200

async function measure(): Promise<Held> {
  const peers = await loadPeers(fileURLToPath(new URL('../../../bench/peers', import.meta.url)))
  const holder = holders.find((one) => one.library.name === name)
  if (holder === undefined) throw new Error(`no holder ${name}`)
  const { library, tiers } = holder
  let loads = 0
  // As it comes from a network: a value of its own, with flat texts.
  const load = async (key: string) => {
    loads++
    return JSON.parse(JSON.stringify(quoteOf(numberOfText(key))))
  }
  const open = (namespace: string) =>
    library.open({ peers, redisUrl, namespace, tiers, load, keyOf: textIdOf })
  const warm = await open(`heap-${randomUUID()}`)
  await fill(warm, warmUpEntries)
  await warm.close()
  const before = await bytesNow()
  const cache = await open(`heap-${randomUUID()}`)
  await fill(cache, entries)
  const bytesPerEntry = ((await bytesNow()) - before) / entries
  loads = 0
  for (let number = 0; number < entries; number += checkedEvery) {
    await cache.fetch(textIds.of(number))
  }
  if (loads > 0) throw new Error(`of ${entries / checkedEvery} entries ${loads} were not held`)
  await cache.close()
  return { bytesPerEntry }
}

async function fill(cache: OpenedLibrary, count: number): Promise<void> {
  const { fetchMany } = cache
  if (fetchMany === undefined) {
    await inLanes(64, count, async (number) => {
      await cache.fetch(textIds.of(number))
      // Where a write of one's own evicts, memory has it from the second read on.
      await cache.get(textIds.of(number))
      return true
    })
    return
  }
  for (let first = 0; first < count; first += batch) {
    await fetchMany(Array.from({ length: batch }, (_, at) => textIds.of(first + at)))
  }
}

/** What is sent or stored behind an answer has time to be done, and garbage is gone. */
async function bytesNow(): Promise<number> {
  for (let turn = 0; turn < 4; turn++) {
    await pause(100)
    globalThis.gc?.()
  }
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

measure().then(
  (held) => process.send?.(held),
  (error) => process.send?.({ failed: reasonOf(error) }),
)
process.once('disconnect', () => process.exit(0))
