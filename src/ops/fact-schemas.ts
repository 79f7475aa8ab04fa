/** Schemas of the parts that several answers have. */
import { totalNames } from '../observe/index.ts'
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

const nodeMemory = {
  'usedBytes?': number,
  'maxBytes?': number,
  'usedPercent?': number,
  'evictedKeys?': number,
  'keyspaceHits?': number,
  'keyspaceMisses?': number,
  'keys?': number,
}
const memory = { ...nodeMemory, 'keysByFamily?': map(integer), isSampled: flag }
const figures = {
  version: text,
  uptimeS: number,
  'policy?': text,
  'clients?': number,
  'clientsMax?': number,
  'opsPerSecond?': number,
}
/** How a cache, or a process, is. */
export const healthState: JsonSchema = choice('ok', 'degraded', 'down-to-source')
/** A key and how much it is read; a service stands beside it where several tell. */
export const usedKey: Readonly<Record<string, JsonSchema>> = {
  family: text,
  key: text,
  reads: number,
  error: number,
  share: number,
}
const breakerState = choice('closed', 'open', 'halfOpen')
const readsFrom = ['memory', 'redis', 'source', 'joined', 'stale', 'none']

export type FactSchemaName =
  | 'Health'
  | 'CacheStats'
  | 'ServerMemory'
  | 'ServerFigures'
  | 'NodeFigures'
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
    state: healthState,
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
    breakers: map(open({ state: breakerState })),
    trustLosses: integer,
  }),
  ServerMemory: shape(memory),
  ServerFigures: shape({ ...memory, ...figures, 'evictionsPerHour?': number }),
  NodeFigures: shape({ address: text, ...nodeMemory, ...figures }),
  FamilyTotals: shape(Object.fromEntries(totalNames.map((name) => [name, integer]))),
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
  UsedKey: shape(usedKey),
  BreakerFacts: shape({
    service: text,
    process: text,
    name: text,
    state: breakerState,
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
