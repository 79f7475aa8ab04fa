/**
 * Answers of the admin API about reads, made up but of one piece: what the overview sums is what
 * the families say. Times go back from a given now; nothing is random.
 */
import type {
  FamiliesAnswer,
  FamilyAnswer,
  InvalidationRow,
  KeyRow,
  OverviewAnswer,
  SeriesAnswer,
  ServerFigures,
} from 'staleproof/ops'
import { families, hostileKey, latency, sumOf } from './fake-families.ts'

export const server: ServerFigures = {
  usedBytes: 2_705_829_396,
  maxBytes: 3_221_225_472,
  usedPercent: 84,
  evictedKeys: 1290,
  keyspaceHits: 91_022_311,
  keyspaceMisses: 8_120_090,
  keys: 412_880,
  keysByFamily: Object.fromEntries(
    families.map(({ name, totals }) => [name, Math.round(totals.entries * 1.9)]),
  ),
  isSampled: true,
  version: '7.0.15',
  uptimeS: 1_040_220,
  policy: 'allkeys-lfu',
  clients: 214,
  clientsMax: 10_000,
  opsPerSecond: 12_402,
  evictionsPerHour: 18,
}

/** A gentle wave, so that the lines of a picture look like a day. */
export function wave(step: number, from: number, to: number): number {
  const up = (Math.sin(step / 7) + Math.sin(step / 2.3) * 0.3 + 1.3) / 2.6
  return from + (to - from) * up
}

export function overviewAt(atMs: number, step = 0): OverviewAnswer {
  const reads = wave(step, 6900, 9300)
  const hitRatio = wave(step, 0.918, 0.934)
  return {
    schemaVersion: 1,
    atMs,
    status: 'ok',
    reasons: [],
    services: 5,
    processes: 6,
    totals: sumOf(families.map(({ totals }) => totals)),
    rates: {
      reads,
      loads: reads * (1 - hitRatio),
      loadsAvoided: reads * hitRatio,
      invalidations: 31.4,
      hitRatio,
    },
    redisLatency: latency(0.62, 812_000),
    server,
    breakers: [],
    findings: { crit: 1, warn: 2, info: 2 },
    lag: { count: 40_112, p50Ms: 0.9, p99Ms: 4.2, maxMs: 31 },
    staleReads: 0,
    shadowReads: 12_840,
  }
}

export const familiesAnswer: Omit<FamiliesAnswer, 'atMs'> = { schemaVersion: 1, families }

export function familyAnswer(name: string): Omit<FamilyAnswer, 'atMs'> | undefined {
  const family = families.find((one) => one.name === name)
  if (family === undefined) return undefined
  const halves = family.services.map((service, index) => [`${service}/${index}`, family.totals])
  return {
    schemaVersion: 1,
    family,
    processes: Object.fromEntries(halves),
    usedKeys: Array.from({ length: 12 }, (_, index) => ({
      family: name,
      key: index === 3 ? hostileKey : `${name}:${(index * 7919) % 4096}`,
      reads: Math.round(family.totals.memory / (index + 4)),
      error: 12,
      share: 1 / (index + 4),
    })),
    stores: { absent: 4110, expired: 2210, void: 322, stored: 6102, doomed: 61, tooLarge: 4 },
  }
}

export function seriesAt(nowMs: number, range: string): SeriesAnswer {
  const minutes = { '15m': 15, '1h': 60, '6h': 360, '24h': 1440 }[range] ?? 60
  const points = Math.min(minutes, 240)
  const stepMs = (minutes * 60_000) / points
  const steps = Array.from({ length: points }, (_, index) => index)
  const line = (from: number, to: number, shift = 0): number[] =>
    steps.map((step) => wave(step + shift, from, to))
  const perStep = stepMs / 1000
  return {
    schemaVersion: 1,
    atMs: nowMs,
    stepMs,
    timesMs: steps.map((step) => nowMs - (points - step) * stepMs),
    series: {
      memoryHits: line(5200 * perStep, 7000 * perStep),
      redisHits: line(1100 * perStep, 1500 * perStep, 3),
      loads: line(420 * perStep, 690 * perStep, 9),
      invalidations: line(20 * perStep, 44 * perStep, 5),
      redisP95Ms: line(1.1, 2.2, 4),
      // The newest sample is still to come.
      usedBytes: steps.map((step) => (step === points - 1 ? null : 2.4e9 + (step / points) * 3e8)),
      maxBytes: steps.map(() => 3_221_225_472),
      evictions: steps.map((step) => (step % 17 === 0 ? 6 : 0)),
      clients: line(205, 216),
      opsPerSecond: line(9100, 13_000, 2),
      lagP99Ms: line(2.5, 5),
      staleReads: steps.map(() => 0),
    },
    families: Object.fromEntries(
      families.map(({ name, hitRatio = 0 }, index) => [
        name,
        line(hitRatio - 0.04, Math.min(hitRatio + 0.02, 1), index * 5),
      ]),
    ),
    nodes: {},
    nodesOmitted: 0,
  }
}

/** The same of a Cluster, the first node of which has most; the last has left half way. */
export function clusterSeriesAt(nowMs: number, nodesCount: number): SeriesAnswer {
  const answer = seriesAt(nowMs, '1h')
  const shares = Array.from({ length: nodesCount }, (_, node) => 1 / (node + 2))
  const nodes = shares.map((share, node) => {
    const isGone = node === nodesCount - 1
    const part = (values: readonly (number | null)[]) => {
      return values.map((value, step) => {
        return value === null || (isGone && step > values.length / 2) ? null : value * share
      })
    }
    const { usedBytes, maxBytes, evictions, clients, opsPerSecond } = answer.series
    const lines = {
      usedBytes: part(usedBytes),
      maxBytes,
      evictions: part(evictions),
      clients: part(clients),
      opsPerSecond: part(opsPerSecond),
    }
    return [`10.0.0.${node + 1}:6379`, lines] as const
  })
  return { ...answer, nodes: Object.fromEntries(nodes) }
}

const reasons = ['price.updated', 'position.closed', 'market.resolved', 'user.renamed']

/** Number `seq` of the invalidations of a made-up morning. */
export function invalidationAt(seq: number, atMs: number): InvalidationRow {
  const isBroad = seq % 23 === 0
  const isGroup = seq % 7 === 0
  const reason = reasons[seq % reasons.length] ?? 'price.updated'
  const key = seq % 11 === 0 ? hostileKey : `${reason.split('.')[0]}:${(seq * 7919) % 4096}`
  return {
    seq,
    atMs,
    origin: ['api', 'workers', 'indexer', 'products'][seq % 4] ?? 'api',
    via: seq % 5 === 0 ? 'call' : 'message',
    scope: isBroad ? 'family' : isGroup ? 'group' : 'key',
    keys: isGroup || isBroad ? [] : [key],
    tags: isGroup ? [`market-group:${seq % 60}`] : [],
    keyCount: isBroad ? 4180 : isGroup ? 180 : 1,
    reason,
    subject: isBroad ? 'family search' : undefined,
    reached: 1,
    pending: 0,
    ms: 0.8 + (seq % 9) * 0.4,
  }
}

export const keys: readonly KeyRow[] = Array.from({ length: 230 }, (_, index) => ({
  key: index === 2 ? hostileKey : `user:${(index * 7919) % 65_536}`,
  family: index % 9 === 8 ? undefined : 'userStats',
  ttlMs: index % 31 === 30 ? undefined : 4000 + ((index * 1301) % 296_000),
  bytes: 180 + ((index * 613) % 5200),
  kind: 'string',
  isInMemory: index % 3 === 0,
}))
