/**
 * What a cache writes to its log (CONTRACT 32): one line per change of state and per
 * kind of fault and family, no keys at the levels that are on by default. It is an
 * observer like any other.
 */
import { ERROR_CODES } from '../core/error-codes.ts'
import type { Logger } from '../core/options.ts'
import type { CacheEvent, InvalidateEvent, Observer } from '../core/outcome.ts'
import { StateLog } from './state-log.ts'

/** Faults of one kind and family are logged once in this time. */
const faultQuietMs = 60_000
/** Keys, and tags, that a line names; it says how many there are. */
export const keysLoggedMax = 20

export interface LogOptions {
  readonly logger: Logger
  readonly service: string
  readonly wallMs: () => number
  /** True: lines of invalidations name keys, patterns and tags. */
  readonly logKeys: boolean
  /** Families of which every outcome is logged, '*' for all. */
  readonly debugged: readonly string[]
}

export function logObserver(options: LogOptions): Observer {
  const { logger, service, wallMs, debugged } = options
  const loggedMs = new Map<string, number>()
  const states = new StateLog(logger, service)
  return {
    hits: debugged.length > 0,
    notify(event) {
      if (isDebugged(event, debugged)) logger.debug({ service, ...event }, `cache ${event.kind}`)
      switch (event.kind) {
        case 'link':
        case 'trust':
        case 'incarnation':
        case 'breaker':
          states.notify(event)
          return
        case 'fault': {
          const { code, family = '' } = event.error
          const before = loggedMs.get(code + family) ?? Number.NEGATIVE_INFINITY
          if (wallMs() - before < faultQuietMs) return
          loggedMs.set(code + family, wallMs())
          // The message of an error may name a key; the meaning of its code does not.
          logger.warn({ service, code, family }, ERROR_CODES[code].meaning)
          logger.debug({ service, code, family, err: event.error }, 'cache fault')
          return
        }
        case 'staleRead': {
          const { family, key, tier, why } = event
          const line = { event: 'CACHE_STALE_READ', service, family, tier, why }
          logger.error(options.logKeys ? { ...line, key } : line, 'cache stale read')
          logger.debug({ ...line, key }, 'cache stale read')
          return
        }
        case 'invalidate':
          if (event.via === 'message') return
          logger.info(invalidationLine(event, options), 'cache invalidation')
      }
    },
  }
}

/** One line for each invalidation, said by the service that asked for it (SPEC B7). */
function invalidationLine(event: InvalidateEvent, { service, logKeys }: LogOptions): object {
  const { keys, tags, reached, pending, reason, origin, subject } = event
  const named = { keys: keys.slice(0, keysLoggedMax), tags: tags.slice(0, keysLoggedMax) }
  return {
    event: 'CACHE_INVALIDATION',
    service,
    count: keys.length + tags.length,
    ...(logKeys ? named : {}),
    ...{ reached, pending: pending.length, reason, origin, subject },
  }
}

function isDebugged(event: CacheEvent, debugged: readonly string[]): boolean {
  if (debugged.length === 0) return false
  if (debugged.includes('*')) return true
  return 'family' in event && debugged.includes(event.family)
}

/** Warnings and errors on the console; nothing below, so that no key is printed unasked. */
export const consoleLogger: Logger = {
  debug() {},
  info() {},
  warn: (fields, message) => console.warn(`staleproof: ${message}`, fields),
  error: (fields, message) => console.error(`staleproof: ${message}`, fields),
}
