/**
 * Every route of the admin API, with what it needs: the one place where rights are given. The
 * handlers, the OpenAPI document, the table in the docs and the tests of rights follow from it.
 */
import type { Role } from './answers.ts'
import type { SchemaName } from './schemas.ts'

export interface RouteRow {
  readonly method: 'GET' | 'POST' | 'DELETE'
  /** Below `/api/v1/cache`, with `:name` for a parameter. */
  readonly path: string
  /** The least role that may; `nobody` need be known for it. */
  readonly role: Role | 'nobody'
  /** True: read-only mode refuses it. */
  readonly isChange: boolean
  readonly summary: string
  /** Of the answer; undefined: there is no body, or it is no JSON. */
  readonly answer: SchemaName | undefined
  readonly status: 200 | 202 | 204
  /** Of the body that is sent. */
  readonly body?: SchemaName
  /** What the query may say, with what it means. */
  readonly query?: Readonly<Record<string, string>>
  /** Other than JSON. */
  readonly contentType?: string
}

export type RouteName =
  | 'me'
  | 'stats'
  | 'overview'
  | 'families'
  | 'family'
  | 'keys'
  | 'entry'
  | 'invalidations'
  | 'services'
  | 'resilience'
  | 'warming'
  | 'redis'
  | 'doctor'
  | 'usage'
  | 'series'
  | 'audit'
  | 'stream'
  | 'openApi'
  | 'invalidate'
  | 'clear'
  | 'refresh'
  | 'warm'
  | 'breaker'
  | 'runDoctor'
  | 'signIn'
  | 'signOut'

/** Routes that change something, or cost much. */
export type ChangeRoute = 'invalidate' | 'clear' | 'refresh' | 'warm' | 'breaker' | 'runDoctor'
/** Routes for browsers and tools. */
export type BrowserRoute = 'stream' | 'openApi' | 'signOut'

export const apiBase = '/api/v1/cache'

const routeTable: Readonly<Record<RouteName, RouteRow>> = {
  me: read('/me', 'MeAnswer', 'Who asks, and what the API may do here'),
  stats: read('/stats', 'StatsAnswer', 'What this process has counted, and memory of the server'),
  overview: read('/overview', 'OverviewAnswer', 'All processes together'),
  families: read('/families', 'FamiliesAnswer', 'Families as all processes see them'),
  family: read('/families/:name', 'FamilyAnswer', 'One family, by process, with its hottest keys'),
  keys: {
    ...read('/keys', 'KeysAnswer', 'Keys on the server, by bounded steps of SCAN'),
    query: {
      pattern: 'A glob of * and ? over key texts; all by default',
      cursor: 'Of the answer before',
      limit: 'How many are enough for one answer, from 1 to 500; 100 by default',
    },
  },
  entry: {
    ...read('/entries/:key', 'EntryAnswer', 'Why a key is served or loaded, and its value'),
    role: 'operator',
    query: { value: '1: with the value, unless its family is sensitive; that is audited' },
  },
  invalidations: {
    ...read(
      '/invalidations',
      'InvalidationsAnswer',
      'The last invalidations that this process saw',
    ),
    query: { after: 'Only those with a higher seq' },
  },
  services: read(
    '/services',
    'ServicesAnswer',
    'Live processes, and where they declare differently',
  ),
  resilience: read('/resilience', 'ResilienceAnswer', 'Breakers, live data, limits and pools'),
  warming: read('/warming', 'WarmingAnswer', 'What is loaded ahead of its readers'),
  redis: read(
    '/redis',
    'RedisAnswer',
    'What the server says of itself, of a Cluster every primary',
  ),
  doctor: read('/doctor', 'DoctorAnswer', 'The last report of doctor'),
  usage: read('/usage', 'UsageAnswer', 'What is read by whom, and what sizes would fit'),
  series: {
    ...read(
      '/series',
      'SeriesAnswer',
      'The last minutes or hours, in equal steps; of a Cluster also by node',
    ),
    query: { range: '15m, 1h, 6h or 24h; 1h by default' },
  },
  audit: {
    ...read('/audit', 'AuditAnswer', 'What people did here, the latest first'),
    role: 'operator',
    query: { limit: 'From 1 to 500; 100 by default' },
  },
  stream: {
    ...read('/stream', undefined, 'Invalidations, changes of state and the overview as they come'),
    contentType: 'text/event-stream',
  },
  openApi: {
    ...read('/openapi.json', undefined, 'This document'),
    contentType: 'application/json',
  },
  invalidate: change('/invalidate', {
    role: 'operator',
    body: 'InvalidateBody',
    summary: 'Plan and carry out the invalidation of keys, a pattern or tags; of a family as below',
    answer: 'PlanOrDone',
  }),
  clear: change('/clear', {
    role: 'administrator',
    body: 'ClearBody',
    summary: 'Plan and carry out the clearing of a family, or of everything',
    answer: 'PlanOrDone',
  }),
  refresh: change('/refresh', {
    role: 'operator',
    body: 'RefreshBody',
    summary: 'Load keys now and keep what comes',
    answer: 'DoneAnswer',
  }),
  warm: change('/warm', {
    role: 'operator',
    body: 'WarmBody',
    summary: 'Run a task of this service that warms',
    answer: 'DoneAnswer',
  }),
  breaker: change('/breakers/:name', {
    role: 'operator',
    body: 'BreakerBody',
    summary: 'Change when a breaker of this process opens',
    answer: 'DoneAnswer',
  }),
  runDoctor: {
    ...change('/doctor/run', {
      role: 'operator',
      body: 'EmptyBody',
      summary: 'Examine the server; the report comes with GET /doctor',
      answer: 'DoctorAnswer',
    }),
    isChange: false,
    status: 202,
  },
  signIn: {
    ...change('/session', {
      role: 'nobody',
      body: 'SessionBody',
      summary: 'A session for the browser of whoever has a token',
      answer: 'MeAnswer',
    }),
    isChange: false,
  },
  signOut: {
    method: 'DELETE',
    path: '/session',
    role: 'viewer',
    isChange: false,
    summary: 'End the session',
    answer: undefined,
    status: 204,
  },
}

function read(path: string, answer: SchemaName | undefined, summary: string): RouteRow {
  return { method: 'GET', role: 'viewer', isChange: false, status: 200, path, answer, summary }
}

function change(
  path: string,
  row: Pick<RouteRow, 'role' | 'body' | 'summary' | 'answer'>,
): RouteRow {
  return { method: 'POST', path, isChange: true, status: 200, ...row }
}

/** By name, as rows. */
export const routes: ReadonlyMap<RouteName, RouteRow> = new Map(
  Object.entries(routeTable).map(([name, row]) => [nameOf(name), row]),
)

function nameOf(name: string): RouteName {
  if (isRouteName(name)) return name
  throw new TypeError(`expected the name of a route, got ${name}`)
}

function isRouteName(name: string): name is RouteName {
  return Object.hasOwn(routeTable, name)
}
