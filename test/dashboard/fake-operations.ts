/** Answers of the admin API about what surrounds the cache, made up. */
import type {
  AuditAnswer,
  RedisAnswer,
  ResilienceAnswer,
  UsageAnswer,
  WarmingAnswer,
} from 'staleproof/ops'
import { server } from './fake-answers.ts'
import { families, hostileKey } from './fake-families.ts'

export const resilience: Omit<ResilienceAnswer, 'atMs'> = {
  schemaVersion: 1,
  breakers: ['redis:0', 'dependency:upstream', 'family:search', 'family:price'].map(
    (name, index) => ({
      service: index === 1 ? 'workers' : 'api',
      process: index === 1 ? 'workers-3bk-9f2c' : 'api-35w-9f2c',
      name,
      state: index === 1 ? 'halfOpen' : 'closed',
      failures: index === 1 ? 41 : index,
      rejected: index === 1 ? 812 : 0,
      p99Ms: 4 + index * 31,
    }),
  ),
  liveData: [
    {
      service: 'workers',
      name: 'prices',
      sources: ['stream', 'poll', 'api', 'database'].map((name, index) => ({
        name,
        kind: name === 'stream' ? 'stream' : 'poll',
        state: index === 2 ? 'failed' : 'healthy',
        isActive: index === 0,
        lastSuccessAgeMs: index === 3 ? undefined : 210 + index * 900,
        lastError: index === 2 ? 'status 503 after 3 attempts' : undefined,
        received: 812_004 - index * 200_000,
        failures: index * 7,
        activations: index === 0 ? 3 : 1,
        p99Ms: 12 + index * 40,
      })),
    },
  ],
  limiters: [
    { service: 'workers', name: 'upstream', granted: 90_210, refused: 14 },
    { service: 'api', name: 'per-user', granted: 1_204_000, refused: 0 },
  ],
  pools: ['api', 'workers', 'products'].map((service, index) => ({
    service,
    pool: {
      max: 20,
      used: 4 + index * 6,
      idle: 3,
      waiting: index === 2 ? 2 : 0,
      queries: 88_000,
      waits: 12,
      queryP95Ms: 3.4 + index,
      waitP95Ms: 0.2,
    },
  })),
}

export function warmingAt(nowMs: number): Omit<WarmingAnswer, 'schemaVersion' | 'atMs'> {
  const tasks = ['active-positions', 'top-markets', 'leaders', 'profiles'].map((name, index) => ({
    name,
    critical: index < 2,
    everyMs: 30_000 * (index + 1),
    executions: 2880 - index * 300,
    successes: 2879 - index * 300,
    failures: index === 3 ? 4 : 0,
    isRunning: index === 1,
    lastRunMs: nowMs - 12_000 * (index + 1),
    lastSuccessMs: nowMs - (index === 3 ? 900_000 : 11_000 * (index + 1)),
    lastDurationMs: 140 + index * 95,
    lastError: index === 3 ? 'SP_SOURCE_TIMEOUT: no answer within 2 s' : undefined,
  }))
  return {
    processes: [
      {
        service: 'api',
        process: 'api-35w-9f2c',
        warming: {
          name: 'warming',
          standing: 'leads',
          loads: 40_210,
          running: 1,
          waiting: 2,
          tasks,
        },
        preloading: {
          activeGroups: 44,
          dropped: 3,
          families: {
            position: { loaded: 9120, used: 7411 },
            market: { loaded: 2208, used: 902 },
          },
        },
        prediction: { state: 'active', precision: 0.71, preloads: 1802, used: 1280, wasted: 522 },
      },
    ],
  }
}

const { keysByFamily: _byFamily, isSampled: _isSampled, evictionsPerHour: _rate, ...ofAll } = server

/** What two nodes have of the whole. */
const nodes: RedisAnswer['nodes'] = [
  {
    ...ofAll,
    address: '10.0.0.1:6379',
    usedBytes: 1_803_886_264,
    maxBytes: 2_147_483_648,
    evictedKeys: 1_290,
    keys: 312_880,
    clients: 120,
    opsPerSecond: 9_000,
  },
  {
    ...ofAll,
    address: '10.0.0.2:6379',
    usedBytes: 901_943_132,
    maxBytes: 1_073_741_824,
    evictedKeys: 0,
    keys: 100_000,
    clients: 94,
    opsPerSecond: 3_402,
  },
]

export const redis: Omit<RedisAnswer, 'atMs'> = {
  schemaVersion: 1,
  server,
  nodes,
  nodesTotal: nodes.length,
  info: {
    memory: { used_memory: '2705829396', maxmemory: '3221225472', mem_fragmentation_ratio: '1.08' },
    stats: {
      total_commands_processed: '801230112',
      evicted_keys: '1290',
      rejected_connections: '0',
    },
    replication: { role: 'master', connected_slaves: '0' },
  },
  commands: [
    ['get', 48_120_330, 1.9],
    ['evalsha', 6_120_311, 24.8],
    ['mget', 2_201_223, 11.2],
    ['publish', 1_209_311, 4.4],
    ['scan', 40_120, 61.7],
  ].map(([name, calls, usPerCall]) => ({
    name: String(name),
    calls: Number(calls),
    usPerCall: Number(usPerCall),
  })),
  slow: [
    {
      id: 912,
      node: '10.0.0.1:6379',
      atMs: 1_795_000_000_000,
      us: 14_210,
      command: `SUNION ${hostileKey}`,
      client: 'products',
    },
    {
      id: 912,
      node: '10.0.0.2:6379',
      atMs: 1_794_999_000_000,
      us: 11_030,
      command: 'DEL import:91',
      client: 'products',
    },
  ],
  clients: [
    { name: 'api', count: 84, bytes: 1_900_000 },
    { name: 'workers', count: 61, bytes: 1_200_000 },
    { name: 'bot', count: 40, bytes: 800_000 },
    { name: '', count: 29, bytes: 400_000 },
  ],
  withheld: ['CLIENT LIST: the user may not use it'],
}

export function auditAt(nowMs: number): AuditAnswer['entries'] {
  return [
    ['ada', 'invalidate', 'family search', false, 612, 'done'],
    ['ada', 'invalidate', 'family search', true, 612, 'done'],
    ['grace', 'clear', 'all', false, undefined, 'refused'],
    ['ada', 'warm', 'leaders', false, undefined, 'done'],
    ['ada', 'invalidate', hostileKey, false, 1, 'failed'],
  ].map(([user, action, target, dryRun, count, result], index) => ({
    atMs: nowMs - 190_000 * (index + 1),
    user: String(user),
    role: user === 'ada' ? 'administrator' : 'viewer',
    action: String(action),
    target: String(target),
    dryRun: dryRun === true,
    count: typeof count === 'number' ? count : undefined,
    result: result === 'refused' ? 'refused' : result === 'failed' ? 'failed' : 'done',
    service: 'api',
  }))
}

export const usage: Omit<UsageAnswer, 'atMs'> = {
  schemaVersion: 1,
  keys: Array.from({ length: 15 }, (_, index) => ({
    family: 'price',
    key: index === 4 ? hostileKey : `price:${(index * 7919) % 4096}`,
    reads: Math.round(410_000 / (index + 1)),
    error: 20,
    share: 0.1 / (index + 1),
    service: index % 2 === 0 ? 'api' : 'bot',
  })),
  families: families.flatMap(({ name, services, totals }) =>
    services.map((service, index) => ({
      family: name,
      service,
      reads: Math.round(totals.memory / (index + 1)),
    })),
  ),
  pages: ['/markets', '/markets/:id', '/positions', '/search', '/leaders'].map((page, index) => ({
    page,
    requests: 402_000 - index * 71_000,
    errors: index === 3 ? 120 : 0,
    p95Ms: 8 + index * 11,
    service: 'api',
  })),
  recommendations: [
    {
      subject: 'l1',
      service: 'api',
      now: 67_108_864,
      advised: 134_217_728,
      unit: 'bytes',
      why: 'Twice the memory would answer 3.1 % more reads; beyond that the curve is flat.',
      curve: [0, 40, 62, 74, 81, 85, 87.4, 88.6, 89, 89.2].map((y, x) => ({ x, y })),
    },
    {
      subject: 'redisMemory',
      service: undefined,
      now: 3_221_225_472,
      advised: 4_294_967_296,
      unit: 'bytes',
      why: 'At the growth of the last day it is full in 31 h.',
      curve: [2.1, 2.2, 2.3, 2.45, 2.6, 2.7, 2.85, 3].map((y, x) => ({ x, y })),
    },
    {
      subject: 'replicas',
      service: 'workers',
      now: 1,
      advised: 2,
      unit: 'instances',
      why: 'One process uses 81 % of a core at its peak.',
      curve: [0.81, 0.41, 0.27, 0.2].map((y, x) => ({ x: x + 1, y })),
    },
  ],
}
