/** Samples the keys of a server, or of every node of a cluster, within what it may take. */
import { type Info, type Inspection, LoadWatch, quantile } from '../../inspect/index.ts'
import type { KeySample, SampledKey } from '../key-sample.ts'
import type { GatherContext } from './context.ts'
import {
  type KeyReading,
  keysPerPipeline,
  type ReadKey,
  readHeads,
  readKeys,
} from './key-reader.ts'
import { type KeyWalk, keysOf, RandomWalk, ScanWalk } from './key-walk.ts'
import { nodesToSample, type SampledNode } from './nodes.ts'

/** Of a walk over everything: what is known of so many keys fits into memory. */
const deepKeysMax = 1_000_000
const headsMax = 200
/** Smaller values are compressed by nobody. */
const headFromBytes = 1_024
const underLoad = 'stopped early, Redis or this machine under load'

interface Walked {
  readonly inspection: Inspection
  readonly keys: readonly ReadKey[]
  readonly isComplete: boolean
  readonly stoppedEarly: string | undefined
}

export async function sampleKeys(
  context: GatherContext,
  info: Info,
  pings: readonly number[],
): Promise<KeySample> {
  const nodes = await nodesToSample(context, info)
  const totals: number[] = []
  for (const { inspection } of nodes) totals.push(await keysOf(inspection))
  const total = totals.reduce((sum, keys) => sum + keys, 0)
  const { isCluster } = info
  const walked: Walked[] = []
  const sampler = new Sampler(context, info, pings)
  for (const [at, node] of nodes.entries()) {
    // Each node in proportion to what it holds, of keys and of time.
    const share = (totals[at] ?? 0) / Math.max(1, total)
    const isWhole = total <= sampler.keysMax
    const walk =
      isCluster && !isWhole ? new RandomWalk(node.inspection) : new ScanWalk(node.inspection)
    walked.push(await sampler.walk(node, walk, share))
  }
  const keys = walked.flatMap(({ keys: found }) => found)
  return {
    keys: context.options.withValues ? await withHeads(walked) : keys.map(({ key }) => key),
    total: Math.max(total, keys.length),
    isComplete: walked.every(({ isComplete }) => isComplete),
    method: isCluster && !walked.every(({ isComplete }) => isComplete) ? 'randomkey' : 'scan',
    stoppedEarly: walked.find(({ stoppedEarly }) => stoppedEarly !== undefined)?.stoppedEarly,
    from: nodes.some(({ from }) => from === 'replica') ? 'replica' : 'primary',
  }
}

class Sampler {
  readonly keysMax: number
  readonly #context: GatherContext
  readonly #withFrequency: boolean
  readonly #baselineMs: number | undefined
  readonly #startMs: number
  #sampled = 0

  constructor(context: GatherContext, info: Info, pings: readonly number[]) {
    const { isDeep, keysMax } = context.options
    this.keysMax = isDeep ? deepKeysMax : keysMax
    this.#context = context
    this.#withFrequency = info.text('maxmemory_policy')?.endsWith('-lfu') ?? false
    this.#baselineMs = pings.length === 0 ? undefined : quantile(pings, 0.95)
    this.#startMs = context.clock.now()
  }

  async walk({ inspection }: SampledNode, walk: KeyWalk, share: number): Promise<Walked> {
    const keysMax = Math.ceil(share * this.keysMax)
    const endMs = this.#endMs(share)
    const watch = this.#watch(inspection)
    const keys: ReadKey[] = []
    let size = keysPerPipeline({ withFrequency: this.#withFrequency })
    let stoppedEarly = this.#ended()
    while (keys.length < keysMax && stoppedEarly === undefined && this.#now() < endMs) {
      const names = await walk.next(Math.min(size, keysMax - keys.length))
      if (names === undefined) break
      const found = await readKeys(names, this.#reading(inspection))
      keys.push(...found)
      this.#tell(found.length)
      const advice = await watch.advise()
      if (advice === 'halve') size = Math.max(1, Math.floor(size / 2))
      stoppedEarly = advice === 'stop' ? underLoad : this.#ended()
    }
    return { inspection, keys, isComplete: walk.isComplete, stoppedEarly }
  }

  #watch(inspection: Inspection): LoadWatch {
    return new LoadWatch({
      inspection,
      clock: this.#context.clock,
      baselineMs: this.#baselineMs,
    })
  }

  #reading(inspection: Inspection): KeyReading {
    const elapsedMs = this.#now() - this.#startMs
    return { inspection, withFrequency: this.#withFrequency, elapsedMs }
  }

  #now(): number {
    return this.#context.clock.now()
  }

  #endMs(share: number): number {
    const { isDeep, budgetMs } = this.#context.options
    return isDeep ? Number.POSITIVE_INFINITY : this.#now() + share * budgetMs
  }

  #ended(): string | undefined {
    return this.#context.options.signal?.aborted ? 'interrupted' : undefined
  }

  #tell(count: number): void {
    this.#sampled += count
    this.#context.options.onProgress(() => `sampling keys, ${this.#sampled} so far`)
  }
}

/** The largest first: there is most to be gained. */
async function withHeads(walked: readonly Walked[]): Promise<readonly SampledKey[]> {
  const keys = walked.flatMap(({ keys: found }) => found)
  const large = keys.filter(({ key }) => key.type === 'string' && key.bytes > headFromBytes)
  large.sort((left, right) => right.key.bytes - left.key.bytes)
  const asked = new Set(large.slice(0, headsMax))
  const heads = new Map<SampledKey, string>()
  for (const { keys: found, inspection } of walked) {
    const some = found.filter((key) => asked.has(key))
    for (const [key, head] of await readHeads(some, inspection)) heads.set(key, head)
  }
  return keys.map(({ key }) => ({ ...key, head: heads.get(key) }))
}
