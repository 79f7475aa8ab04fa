/**
 * The table of the house: each root of `src`, its purpose, and what it may import
 * besides itself. `docs/architecture.md` shows it; `imports.test.ts` enforces both.
 */

export interface Room {
  readonly purpose: string
  /** Other rooms. `core` and `base` are imported by file, the others by their index. */
  readonly rooms: readonly string[]
  /** Packages and modules of Node. */
  readonly packages: readonly string[]
}

/** The files at the root of `src`. */
export const rootRoom = 'src/*.ts'

export const house: Readonly<Record<string, Room>> = {
  base: {
    purpose: 'small pure things that know nothing of caching',
    rooms: [],
    packages: [],
  },
  core: {
    purpose: 'the vocabulary, the pure rules, and the contracts of the tiers',
    rooms: ['base'],
    packages: ['@standard-schema/spec'],
  },
  memory: {
    purpose: 'the first tier: entries of this process, bounded by number and bytes',
    rooms: ['base', 'core'],
    packages: [],
  },
  coherence: {
    purpose: 'pure state machines of the protocol: flights, trust, group clocks, journal',
    rooms: ['base', 'core'],
    packages: [],
  },
  cache: {
    purpose: 'the orchestrators, one for each thing that a caller can do',
    rooms: ['base', 'core', 'coherence', 'resilience'],
    packages: ['node:async_hooks', 'node:events'],
  },
  redis: {
    purpose: 'the second tier in Redis or Valkey: slots, scripts, messages, connections',
    rooms: ['base', 'core'],
    packages: ['ioredis', 'node:crypto'],
  },
  embedded: {
    purpose: 'the second tier inside one process, by the same rules',
    rooms: ['base', 'core'],
    packages: [],
  },
  codec: {
    purpose: 'values to payloads of slots, and back',
    rooms: ['base', 'core'],
    packages: ['msgpackr', 'node:crypto', 'node:zlib'],
  },
  resilience: {
    purpose: 'breakers, limits and budgets',
    rooms: ['base', 'core'],
    packages: [],
  },
  source: {
    purpose: 'live data from ordered sources: stream, poll, fallback',
    rooms: ['base', 'core', 'resilience', rootRoom],
    packages: [],
  },
  postgres: {
    purpose: 'invalidations from the database itself: outbox and change capture',
    rooms: ['base', 'core', rootRoom],
    packages: ['pg'],
  },
  warm: {
    purpose: 'what is loaded ahead of its readers: tasks, budgets, preloading that learns',
    rooms: ['base', 'core', 'resilience', rootRoom],
    packages: ['node:events'],
  },
  testing: {
    purpose:
      'published: suites, virtual time, faulty links, histories and their checker, test caches',
    rooms: ['base', 'core', 'memory', 'cache', 'embedded', 'codec', 'resilience', rootRoom],
    packages: ['node:net'],
  },
  inspect: {
    purpose: 'a connection of a tool: bounded, allow-listed, no part of the cache',
    rooms: ['base', 'core', rootRoom],
    packages: ['ioredis'],
  },
  observe: {
    purpose: 'listens: metrics, invalidations, usage, and the facts that a process publishes',
    rooms: ['base', 'core', 'inspect', rootRoom],
    packages: ['node:os'],
  },
  prometheus: {
    purpose: 'metrics for Prometheus',
    rooms: ['base', 'core', 'observe', rootRoom],
    packages: ['prom-client'],
  },
  otel: {
    purpose: 'metrics and spans for OpenTelemetry',
    rooms: ['base', 'core', 'observe', rootRoom],
    packages: ['@opentelemetry/api'],
  },
  doctor: {
    purpose: 'checks of any Redis, of processes and of source code',
    rooms: ['base', 'core', 'inspect', 'observe', rootRoom],
    packages: ['@babel/parser', 'node:fs/promises', 'node:path'],
  },
  export: {
    purpose: 'alert rules, dashboards of Grafana and rights of users, from what is declared',
    rooms: ['base', 'core', 'inspect', 'observe'],
    packages: [],
  },
  ops: {
    purpose: 'the admin API: routes, roles, streams, and the page',
    rooms: ['base', 'core', 'inspect', 'observe', 'doctor', 'export', rootRoom],
    packages: ['hono', 'node:crypto', 'node:fs/promises', 'node:path', 'node:url'],
  },
  adapters: {
    purpose: 'mounts the admin API: a file for each framework',
    rooms: ['base', 'core', 'ops'],
    packages: ['@nestjs/common', 'express', 'fastify', 'hono', 'node:http', 'node:stream'],
  },
  cli: {
    purpose: 'the command; each subcommand is loaded when it is called',
    rooms: [
      'base',
      'core',
      'memory',
      'coherence',
      'testing',
      'warm',
      'inspect',
      'observe',
      'doctor',
      'export',
      'ops',
      'adapters',
      rootRoom,
    ],
    packages: [
      'ioredis',
      'node:child_process',
      'node:fs',
      'node:fs/promises',
      'node:http',
      'node:net',
      'node:os',
      'node:path',
      'node:readline/promises',
      'node:stream',
      'node:tty',
      'node:url',
      'node:util',
      'node:zlib',
    ],
  },
  [rootRoom]: {
    purpose: 'the exports, and the one place that joins the cache with its tiers',
    rooms: ['base', 'core', 'memory', 'cache', 'redis', 'embedded', 'codec', 'resilience'],
    packages: ['node:crypto', 'node:fs/promises', 'node:os', 'node:path', 'node:process'],
  },
}

/**
 * Rooms whose files are imported one by one: types, small pure functions, the door to time, and
 * adapters that each need another framework.
 */
export const roomsByFile: readonly string[] = ['base', 'core', 'adapters', rootRoom]
