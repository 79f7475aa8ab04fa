/** The schemas of what comes and goes; tests hold real answers to them. */
import { type BodySchemaName, bodySchemas } from './body-schemas.ts'
import { type FactSchemaName, factSchemas, healthState, usedKey } from './fact-schemas.ts'
import {
  answer,
  anything,
  choice,
  either,
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

type AnswerSchemaName =
  | 'HealthAnswer'
  | 'MeAnswer'
  | 'StatsAnswer'
  | 'OverviewAnswer'
  | 'FamiliesAnswer'
  | 'FamilyAnswer'
  | 'KeysAnswer'
  | 'EntryAnswer'
  | 'PlanAnswer'
  | 'DoneAnswer'
  | 'PlanOrDone'
  | 'InvalidationsAnswer'
  | 'ServicesAnswer'
  | 'ResilienceAnswer'
  | 'WarmingAnswer'
  | 'RedisAnswer'
  | 'DoctorAnswer'
  | 'AuditAnswer'
  | 'UsageAnswer'
  | 'SeriesAnswer'

export type SchemaName = AnswerSchemaName | BodySchemaName | FactSchemaName

const role = choice('viewer', 'operator', 'administrator')
const points = list(either(number, { type: 'null' }))
const serverSeriesNames = ['usedBytes', 'maxBytes', 'evictions', 'clients', 'opsPerSecond']
const seriesNames = [
  ...['memoryHits', 'redisHits', 'loads', 'invalidations', 'staleReads'],
  ...serverSeriesNames,
  ...['redisP95Ms', 'lagP99Ms'],
]

function lines(names: readonly string[]): JsonSchema {
  return shape(Object.fromEntries(names.map((name) => [name, points])))
}

const answers: Readonly<Record<AnswerSchemaName, JsonSchema>> = {
  HealthAnswer: shape({ status: healthState }),
  MeAnswer: answer({
    user: text,
    role,
    isReadOnly: flag,
    environment: text,
    namespace: text,
    service: text,
  }),
  StatsAnswer: answer({
    service: text,
    process: text,
    health: ref('Health'),
    stats: ref('CacheStats'),
    'server?': ref('ServerMemory'),
  }),
  OverviewAnswer: answer({
    status: healthState,
    reasons: list(text),
    services: integer,
    processes: integer,
    totals: ref('FamilyTotals'),
    rates: shape({
      'reads?': number,
      'loads?': number,
      'loadsAvoided?': number,
      'invalidations?': number,
      'hitRatio?': number,
    }),
    redisLatency: ref('Latency'),
    'server?': ref('ServerFigures'),
    breakers: list(ref('BreakerFacts')),
    'findings?': shape({ crit: integer, warn: integer, info: integer }),
    lag: shape({ count: integer, p50Ms: number, p99Ms: number, maxMs: number }),
    staleReads: integer,
    shadowReads: integer,
  }),
  FamiliesAnswer: answer({ families: list(ref('FamilyRow')) }),
  FamilyAnswer: answer({
    family: ref('FamilyRow'),
    processes: map(ref('FamilyTotals')),
    usedKeys: list(ref('UsedKey')),
    stores: map(integer),
  }),
  KeysAnswer: answer({
    keys: list(
      shape({
        key: text,
        'family?': text,
        'ttlMs?': number,
        'bytes?': number,
        kind: text,
        isInMemory: flag,
      }),
    ),
    'cursor?': text,
    scanned: integer,
    isComplete: flag,
    withheld: list(text),
  }),
  EntryAnswer: answer({
    key: text,
    'family?': text,
    explanation: open({ key: text, family: text, next: text, nextBecause: text }),
    'value?': anything,
    'valueWithheld?': choice('not asked', 'sensitive', 'absent', 'too large'),
  }),
  PlanAnswer: answer({
    planId: text,
    what: text,
    count: integer,
    isEstimate: flag,
    withheld: list(text),
    sample: list(text),
    confirm: text,
    needsConfirm: flag,
  }),
  DoneAnswer: answer({ what: text, reached: integer, pending: integer, ms: number }),
  PlanOrDone: either(ref('PlanAnswer'), ref('DoneAnswer')),
  InvalidationsAnswer: answer({ invalidations: list(ref('InvalidationRow')), seen: integer }),
  ServicesAnswer: answer({
    processes: list(shape({ facts: ref('ProcessFacts'), ageMs: number })),
    differences: list(shape({ family: text, field: text, values: map(text) })),
  }),
  ResilienceAnswer: answer({
    breakers: list(ref('BreakerFacts')),
    liveData: list(shape({ service: text, name: text, sources: list(open({ name: text })) })),
    limiters: list(shape({ service: text, name: text, granted: integer, refused: integer })),
    pools: list(shape({ service: text, pool: open({ max: integer }) })),
  }),
  WarmingAnswer: answer({
    processes: list(
      shape({
        service: text,
        process: text,
        'warming?': open({ name: text, tasks: list(open({ name: text })) }),
        'preloading?': open({ families: map(shape({ loaded: integer, used: integer })) }),
        'prediction?': open({ state: text }),
      }),
    ),
  }),
  RedisAnswer: answer({
    'server?': ref('ServerFigures'),
    nodes: list(ref('NodeFigures')),
    nodesTotal: integer,
    info: map(map(text)),
    commands: list(shape({ name: text, calls: number, usPerCall: number })),
    slow: list(
      shape({ id: integer, node: text, atMs: number, us: number, command: text, client: text }),
    ),
    clients: list(shape({ name: text, count: integer, bytes: number })),
    withheld: list(text),
  }),
  DoctorAnswer: answer({
    'report?': open({ findings: list(open({ id: text })) }),
    isRunning: flag,
    'failure?': text,
  }),
  AuditAnswer: answer({
    entries: list(
      shape({
        atMs: number,
        user: text,
        role,
        action: text,
        target: text,
        dryRun: flag,
        'count?': integer,
        result: choice('done', 'refused', 'failed'),
        service: text,
      }),
    ),
  }),
  UsageAnswer: answer({
    keys: list(shape({ service: text, ...usedKey })),
    families: list(shape({ family: text, service: text, reads: integer })),
    pages: list(
      shape({ service: text, page: text, requests: integer, errors: integer, p95Ms: number }),
    ),
    recommendations: list(
      open({ subject: choice('l1', 'redisMemory', 'replicas'), now: number, advised: number }),
    ),
  }),
  SeriesAnswer: answer({
    stepMs: number,
    timesMs: list(number),
    series: lines(seriesNames),
    families: map(points),
    nodes: map(lines(serverSeriesNames)),
    nodesOmitted: integer,
  }),
}

export const schemas: Readonly<Record<SchemaName, JsonSchema>> = {
  ...answers,
  ...factSchemas,
  ...bodySchemas,
}
