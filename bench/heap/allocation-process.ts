/**
 * A process that counts what a hit in memory allocates: the young generation, made large
 * enough that nothing is collected within a batch, before and after it. Each loop is
 * written out, so that the engine optimises it for the one thing that it calls.
 */
import { setImmediate as turn } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { getHeapSpaceStatistics } from 'node:v8'
import {
  type BenchCache,
  type BenchFamilyOf,
  byNumber,
  byPair,
  byTaggedText,
  byText,
  fill,
  openBenchCache,
} from '../contestants/bench-cache.ts'
import { reasonOf } from '../failure.ts'
import { openLoader } from '../libraries/layered-loader.ts'
import { loadPeers } from '../peers.ts'
import { medianOf } from '../statistics.ts'
import { keyCount, numberOfText, quoteOf, textIds } from '../workload.ts'

/** To the parent: median bytes of a hit by the name of what was called. */
export type Allocated = Readonly<Record<string, number>>

const [redisUrl = '', batchText = ''] = process.argv.slice(2)
const batches = Number(batchText)
const hitsPerBatch = 10_000
/** For the engine to compile. */
const warmUpBatches = 20
/** A batch during which memory was not trusted, or something was collected, is repeated. */
const repeatedBatchesMax = 50

const texts = Array.from({ length: keyCount }, (_, number) => textIds.of(number))

async function measure(): Promise<Allocated> {
  const peers = await loadPeers(fileURLToPath(new URL('../../../bench/peers', import.meta.url)))
  const cache = await openBenchCache({ redisUrl: redisUrl || undefined, hasMemory: true })
  const { loader, close } = await openLoader({
    peers,
    redisUrl,
    namespace: 'allocation',
    tiers: 'memory',
    load: async (key) => quoteOf(numberOfText(key)),
  })
  for (const key of texts) await loader.get(key)
  const map = new Map(texts.map((key, number) => [key, quoteOf(number)]))
  const floor = async (id: string) => map.get(id)
  const allocated: Record<string, number> = {
    'async (id) => map.get(id)': await bytesPerHit(async () => {
      for (let hit = 0; hit < hitsPerBatch; hit++) await floor(texts[hit] ?? '')
      return true
    }),
    'layered-loader': await bytesPerHit(async () => {
      for (let hit = 0; hit < hitsPerBatch; hit++) await loader.get(texts[hit] ?? '')
      return true
    }),
    'staleproof, string id': await ofFamily(cache, byText),
    'staleproof, int id': await ofFamily(cache, byNumber),
    'staleproof, 1 tag': await ofFamily(cache, byTaggedText),
    'staleproof, two-parameter id': await ofFamily(cache, byPair),
  }
  await close()
  await cache.close()
  return allocated
}

async function ofFamily<Id>(cache: BenchCache, family: BenchFamilyOf<Id>): Promise<number> {
  await fill(cache, family)
  const ids = Array.from({ length: keyCount }, (_, number) => family.ids.of(number))
  const hits = () => cache.stats().families[family.name]?.reads.memory ?? 0
  const handle = family.in(cache)
  return bytesPerHit(async () => {
    const before = hits()
    for (let hit = 0; hit < hitsPerBatch; hit++) await handle.get(ids[hit] as Id)
    return hits() - before === hitsPerBatch
  })
}

async function bytesPerHit(batch: () => Promise<boolean>): Promise<number> {
  const bytes: number[] = []
  for (let done = 0; done < warmUpBatches; done++) await batch()
  let repeated = 0
  while (bytes.length < batches) {
    globalThis.gc?.({ type: 'minor' })
    // Beats and their answers have their turn outside of what is counted.
    await turn()
    const before = youngBytes()
    const isGood = await batch()
    const allocated = youngBytes() - before
    if (isGood && allocated >= 0) bytes.push(allocated / hitsPerBatch)
    else if (++repeated > repeatedBatchesMax) throw new Error('it did not do what it was meant to')
  }
  return medianOf(bytes)
}

function youngBytes(): number {
  const space = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')
  if (space === undefined) throw new Error('the engine tells of no young generation')
  return space.space_used_size
}

measure().then(
  (allocated) => process.send?.(allocated),
  (error) => process.send?.({ failed: reasonOf(error) }),
)
process.once('disconnect', () => process.exit(0))
