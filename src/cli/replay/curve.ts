/**
 * Miss-ratio curves of a trace, all of the rule that evicts what was used longest ago: the
 * exact one, the one from a sample of its keys, and the one that the memory of a cache makes
 * of one hit in a hundred while it is used.
 */
import { hashOfId, Shards, UseSampler } from '../../memory/index.ts'
import { ownOf } from './policies.ts'
import { capacityOf } from './result.ts'
import { exactCurve } from './stack-distances.ts'
import type { Trace } from './trace.ts'

/** The ratio of misses of a cache of some entries. */
export interface CurvePoint {
  readonly entries: number
  readonly exact: number
  readonly sampled: number
  readonly inUse: number
}

export interface TraceCurve {
  readonly trace: string
  /** Mean difference of the estimates from the exact curve, over all points. */
  readonly error: { readonly sampled: number; readonly inUse: number }
  readonly sampledKeys: number
  /** The share of all hits that was looked at. */
  readonly toldShare: number
  readonly points: readonly CurvePoint[]
}

const pointCount = 40
/** From a thousandth of the keys to all of them. */
const span = 1_000
/** The size of the cache in use: the others are beyond what it can see. */
const fractionInUse = 0.1

export function traceCurve(trace: Trace): TraceCurve {
  const exact = exactCurve(trace)
  const shards = new Shards()
  for (const key of trace.keys) shards.use(hashOfId(key))
  const sampler = samplerInUse(trace)
  const [sampled, inUse] = [shards.curve(), sampler.curve()]
  const points = Array.from({ length: pointCount }, (_, at): CurvePoint => {
    const share = span ** (at / (pointCount - 1) - 1)
    const entries = Math.max(1, Math.round(trace.keyCount * share))
    const estimates = { sampled: sampled.missRatioAt(entries), inUse: inUse.missRatioAt(entries) }
    return { entries, exact: exact[entries] ?? 0, ...estimates }
  })
  const error = { sampled: errorOf(points, 'sampled'), inUse: errorOf(points, 'inUse') }
  const { sampledKeys } = shards
  return { trace: trace.name, error, sampledKeys, toldShare: sampler.toldShare, points }
}

function samplerInUse(trace: Trace): UseSampler {
  let calls = 0
  // The same each time: a result that can't be had again proves nothing.
  const sampler = new UseSampler({ unit: () => hashOfId(++calls) / 2 ** 32 })
  const isHit = ownOf(trace, capacityOf(fractionInUse, trace.keyCount), sampler)
  for (let at = 0; at < trace.keys.length; at++) isHit(at)
  return sampler
}

function errorOf(points: readonly CurvePoint[], estimate: 'sampled' | 'inUse'): number {
  let sum = 0
  for (const point of points) sum += Math.abs(point[estimate] - point.exact)
  return sum / points.length
}
