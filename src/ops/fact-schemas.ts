/** Schemas of the parts that several answers have. */
import {
  choice,
  flag,
  integer,
  type JsonSchema,
  list,
  map,
  number,
  open,
  ref,
  shape,
  text,
} from './json-schema.ts'

const memory = {
  'usedBytes?': number,
  'maxBytes?': number,
  'usedPercent?': number,
  'evictedKeys?': number,
  'keyspaceHits?': number,
  'keyspaceMisses?': number,
  'keys?': number,
  'keysByFamily?': map(integer),
  isSampled: flag,
}
const totals = [
  'memory',
  'redis',
  'joined',
  'stale',
  'source',
  'none',
  'warmed',
  'loads',
  'loadErrors',
  'sets',
  'invalidations',
  'entries',
  'bytes',
]
const readsFrom = ['memory', 'redis', 'source', 'joined', 'stale', 'none']

export type FactSchemaName =
  | 'Health'
  | 'CacheStats'
  | 'ServerMemory'
  | 'ServerFigures'
  | 'FamilyTotals'
  | 'Latency'
  | 'DeclaredFamily'
  | 'FamilyRow'
  | 'UsedKey'
  | 'BreakerFacts'
  | 'InvalidationRow'
  | 'ProcessFacts'
  | 'Problem'

export const factSchemas: Readonly<Record<FactSchemaName, JsonSchema>> = {
  Health: shape({
    state: choice('ok', 'degraded', 'down-to-source'),
    reasons: list(text),
    sinceMs: number,
  }),
  CacheStats: open({
    families: map(
      open({
        reads: open(Object.fromEntries(readsFrom.map((name) => [name, integer]))),
        warmed: integer,
        loads: integer,
        loadErrors: integer,
        stores: map(integer),
        sets: integer,
        invalidations: integer,
      }),
    ),
    memory: open({ entries: integer, bytes: integer, bytesMax: integer }),
    flights: integer,
    delivery: open({ pending: integer }),
    coherence: open({ lag: open({ count: integer }) }),
    breakers: map(open({ state: choice('closed', 'open', 'halfOpen') })),
    trustLosses: integer,
  }),
  ServerMemory: shape(memory),
  ServerFigures: shape({
    ...memory,
    version: text,
    uptimeS: number,
    'policy?': text,
    'clients?': number,
    'clientsMax?': number,
    'opsPerSecond?': number,
    'evictionsPerHour?': number,
  }),
  FamilyTotals: shape(Object.fromEntries(totals.map((name) => [name, integer]))),
  Latency: shape({ count: integer, p50Ms: number, p95Ms: number, p99Ms: number, maxMs: number }),
  DeclaredFamily: shape({
    template: text,
    version: text,
    ttlMs: number,
    maxStaleMs: number,
    codec: text,
    isEncrypted: flag,
    isSensitive: flag,
    hasSource: flag,
    'hitTarget?': number,
  }),
  FamilyRow: shape({
    name: text,
    declared: ref('DeclaredFamily'),
    versions: list(text),
    services: list(text),
    totals: ref('FamilyTotals'),
    'hitRatio?': number,
    latencies: shape({ get: ref('Latency'), load: ref('Latency') }),
    staleReads: integer,
  }),
  UsedKey: shape({ family: text, key: text, reads: number, error: number, share: number }),
  BreakerFacts: shape({
    service: text,
    process: text,
    name: text,
    state: choice('closed', 'open', 'halfOpen'),
    failures: integer,
    rejected: integer,
    p99Ms: number,
  }),
  InvalidationRow: shape({
    seq: integer,
    atMs: number,
    origin: text,
    via: choice('call', 'retry', 'replay', 'message'),
    scope: choice('key', 'group', 'family', 'pattern', 'all', 'set'),
    keys: list(text),
    tags: list(text),
    keyCount: integer,
    reason: text,
    'subject?': text,
    'reached?': integer,
    pending: integer,
    ms: number,
  }),
  ProcessFacts: open({
    schemaVersion: integer,
    process: text,
    service: text,
    pid: integer,
    host: text,
    version: text,
    runtime: text,
    startedMs: number,
    atMs: number,
    catalog: text,
    health: ref('Health'),
    stats: ref('CacheStats'),
    families: map(ref('DeclaredFamily')),
  }),
  Problem: shape({
    type: { const: 'about:blank' },
    title: text,
    status: integer,
    detail: text,
    code: text,
  }),
}
