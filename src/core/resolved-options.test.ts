import { expect, test } from 'vitest'
import { defineCatalog } from './catalog.ts'
import { DEFAULTS } from './defaults.ts'
import { family } from './family.ts'
import { resolveOptions } from './resolved-options.ts'
import { shape } from './shape.ts'

const rest = { value: shape<number>(), ttl: '30s' } as const
const catalog = defineCatalog('polycool', {
  market: family('market:{id}', rest),
  leaderboard: family('leaderboard', rest),
})
const code = (value: string) => expect.objectContaining({ code: value })
const resolve = (options: object) => resolveOptions(catalog, { service: 'api', ...options })
const log = { debug() {}, info() {}, warn() {}, error() {} }

test('what is left out is the default', () => {
  const resolved = resolve({})
  expect(resolved).toEqual({
    service: 'api',
    redis: undefined,
    namespace: 'polycool',
    sources: new Map(),
    resilience: { breakers: new Map(), redisFailures: 3 },
    memory: { bytesMax: 67_108_864, entriesMax: 100_000, sizing: 'off' },
    trustMs: 1_500,
    budgetMs: 500,
    connectTimeoutMs: 2_000,
    leaseTtlMs: 5_000,
    loadTimeoutMs: 10_000,
    coalesceMs: 0,
    quarantineMs: 30_000,
    requireRedis: false,
    partitions: undefined,
    durability: undefined,
    encryption: undefined,
    journal: undefined,
    shadowReads: 0,
    log: undefined,
    logKeys: false,
    observers: [],
  })
  expect(Object.isFrozen(resolved)).toBe(true)
})

test('every option may be undefined, as the environment gives it', () => {
  const names = Object.keys(resolve({})).map((name) => name.replace(/(Ms|Max)$/, ''))
  const options = Object.fromEntries(names.map((name) => [name, undefined]))
  expect(resolveOptions(catalog, { ...options, service: 'api' })).toEqual(resolve({}))
})

test('what is given is resolved', () => {
  const observer = { notify() {} }
  const resolved = resolve({
    redis: 'redis://127.0.0.1',
    namespace: 'staging',
    memory: { maxBytes: '1mb', maxEntries: 5, sizing: 'apply' },
    trust: '3s',
    budget: 100,
    leaseTtl: '1s',
    loadTimeout: '5s',
    requireRedis: true,
    partitions: 16,
    durability: { replicas: 2 },
    journal: '/var/lib/shop',
    shadowReads: 0.001,
    log,
    logKeys: true,
    observers: [observer],
  })
  expect(resolved).toMatchObject({
    redis: 'redis://127.0.0.1',
    namespace: 'staging',
    memory: { bytesMax: 1_048_576, entriesMax: 5, sizing: 'apply' },
    trustMs: 3_000,
    budgetMs: 100,
    requireRedis: true,
    partitions: 16,
    durability: { replicas: 2, timeoutMs: 50 },
    journal: '/var/lib/shop',
    shadowReads: 0.001,
    logKeys: true,
  })
  expect(resolved.observers).toEqual([observer])
  expect(resolve({ memory: false }).memory).toBeUndefined()
})

test('sources are functions, or load many', () => {
  class Markets {
    readonly prefix = 'm'
    many(ids: readonly string[]) {
      return ids.map((id) => this.prefix + id)
    }
  }
  const { sources } = resolve({ sources: { leaderboard: () => 7, market: new Markets() } })
  expect(sources.get('leaderboard')?.single?.()).toBe(7)
  expect(sources.get('market')?.many?.(['1'])).toEqual(['m1'])
  expect(sources.get('market')?.maxBatch).toBe(DEFAULTS.maxBatch.value)
})

test('what is said beside a source is resolved, with defaults for the rest', () => {
  const one = () => 7
  const retry = { attempts: 2, pause: '1s' }
  const market = { one, dependency: 'provider', idempotent: true, retry, concurrency: 20 }
  const { sources } = resolve({ sources: { market, leaderboard: one } })
  expect(sources.get('market')?.rules).toMatchObject({
    dependency: 'provider',
    concurrency: 20,
    queue: 10_000,
    attempts: 2,
    retryPauseMs: 1_000,
  })
  expect(sources.get('leaderboard')?.rules).toMatchObject({ attempts: 1, concurrency: 100 })
})

test('there is a breaker for each source and each dependency, by its own options', () => {
  const { resilience } = resolve({
    sources: { market: { one: () => 7, dependency: 'provider' }, leaderboard: () => 7 },
    resilience: {
      families: { market: { failureRate: 0.2, window: '1m', minCalls: 5 } },
      dependencies: { provider: { consecutive: 3, openFor: '2m', trials: 1 } },
      redis: { consecutive: 9 },
    },
  })
  expect(Object.fromEntries(resilience.breakers)).toEqual({
    'family:market': {
      threshold: { kind: 'rate', share: 0.2, windowMs: 60_000, callsMin: 5 },
      openMs: 5_000,
      openMsMost: 60_000,
      trials: 3,
    },
    'family:leaderboard': expect.objectContaining({
      threshold: { kind: 'rate', share: 0.5, windowMs: 10_000, callsMin: 20 },
    }),
    'dependency:provider': {
      threshold: { kind: 'row', failures: 3 },
      openMs: 120_000,
      openMsMost: 120_000,
      trials: 1,
    },
  })
  expect(resilience.redisFailures).toBe(9)
})

const one = () => 7
test.each([
  { one, many: () => [] },
  { one, maxBatch: 2 },
  { one, dependency: 'a b' },
  { one, concurrency: 0 },
  { one, queue: -1 },
  { one, idempotent: 'yes' },
  { one, retry: { attempts: 2 } },
  { one, idempotent: true, retry: {} },
  { one, idempotent: true, retry: { attempts: 0 } },
  { one, idempotent: true, retry: { attempts: 2, pause: 0 } },
  { one, isFailure: true },
])('the source %j is refused', (market) => {
  expect(() => resolve({ sources: { market } })).toThrow(code('SP_OPTION_INVALID'))
})

test.each([
  { consecutive: 0 },
  { consecutive: 3, failureRate: 0.5 },
  { consecutive: 3, minCalls: 2 },
  { failureRate: 0 },
  { failureRate: 1.1 },
  { window: 1 },
  { minCalls: 0 },
  { openFor: 0 },
  { openFor: '1m', openForMost: '1s' },
  { trials: 0 },
])('the breaker %j is refused', (policy) => {
  const sources = { market: one }
  const refused = () => resolve({ sources, resilience: { families: { market: policy } } })
  expect(refused).toThrow(code('SP_OPTION_INVALID'))
})

test.each([
  ['service', undefined],
  ['service', 'a b'],
  ['namespace', '{a}'],
  ['namespace', ''],
  ['redis', ''],
  ['redis', 6_379],
  ['memory', true],
  ['memory', { sizing: 'on' }],
  ['trust', '100ms'],
  ['trust', '1h'],
  ['budget', 0],
  ['budget', '1.5.2s'],
  ['leaseTtl', '10ms'],
  ['requireRedis', 'yes'],
  ['requireRedis', true],
  ['partitions', 0],
  ['partitions', 1.5],
  ['durability', 1],
  ['durability', { timeout: '50ms' }],
  ['durability', { replicas: 0 }],
  ['durability', { replicas: 1, timeout: 0 }],
  ['journal', ''],
  ['journal', true],
  ['journal', '/without/redis'],
  ['log', console.log],
  ['log', {}],
  ['observers', {}],
  ['observers', [{}]],
  ['observers', Array.from({ length: 17 }, () => ({ notify() {} }))],
  ['sources', []],
  ['sources', { market: 7 }],
  ['sources', { market: {} }],
  ['sources', { leaderboard: { many: () => [] } }],
])('the option %s: %j is refused', (name, value) => {
  const options = { service: 'api', [name]: value }
  expect(() => resolveOptions(catalog, options)).toThrow(code('SP_OPTION_INVALID'))
})

test.each([
  [{ redsi: 'x' }, "'redis'"],
  [{ sources: { markt: () => 1 } }, "'market'"],
  [{ memory: { maxByte: 1 } }, "'maxBytes'"],
  [{ sources: { market: { many: () => [], maxBach: 1 } } }, "'maxBatch'"],
  [{ durability: { replica: 1 } }, "'replicas'"],
  [{ sources: { market: { one, idempotnt: true } } }, "'idempotent'"],
  [{ sources: { market: one }, resilience: { families: { markt: {} } } }, "'market'"],
  [{ sources: { market: one }, resilience: { families: { market: { trial: 1 } } } }, "'trials'"],
  [
    {
      sources: { market: { one, dependency: 'provider' } },
      resilience: { dependencies: { provder: {} } },
    },
    "'provider'",
  ],
])('an unknown name in %j is refused with the nearest known one', (options, hint) => {
  expect(() => resolve(options)).toThrow(code('SP_OPTION_UNKNOWN'))
  expect(() => resolve(options)).toThrow(`expected ${hint}`)
})

test.each([1.1, -0.1, Number.NaN, '0.001'])('a share of %j of shadow reads is refused', (share) => {
  expect(() => resolve({ shadowReads: share })).toThrow(code('SP_OPTION_INVALID'))
})

test('options that are no object are refused', () => {
  expect(() => resolveOptions(catalog, undefined)).toThrow(code('SP_OPTION_INVALID'))
})

test('every default has a reason that is a sentence', () => {
  for (const [name, { reason }] of Object.entries(DEFAULTS)) {
    expect(reason, name).toMatch(/^[A-Z].{20,}\.$/)
  }
})
