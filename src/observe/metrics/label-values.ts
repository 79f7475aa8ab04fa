/** Values that labels of several metrics share. */
import type { OpenLabel } from './definition.ts'

export const cache: OpenLabel = { max: 50 }
/** Instead of a family, where something concerns several of them or none. */
export const unknownFamily = '*'
export const breaker: OpenLabel = { max: 80 }
export const limit: OpenLabel = { max: 20 }
export const task: OpenLabel = { max: 20 }
export const lock: OpenLabel = { max: 20 }
export const liveData: OpenLabel = { max: 10 }
export const source: OpenLabel = { max: 20 }
/** Of invalidations: the first that are given. */
export const reason: OpenLabel = { max: 7 }
/** Why trust was lost. */
export const lossReason: OpenLabel = { max: 17 }
/** A service that asked for invalidations. */
export const origin: OpenLabel = { max: 33 }
/** Of an error. */
export const errorCode: OpenLabel = { max: 40 }
export const figures: readonly string[] = ['p50', 'p99', 'max']
export const service: OpenLabel = { max: 20 }
/** The template of a route, never the address. */
export const route: OpenLabel = { max: 60 }
export const method: readonly string[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'other']
export const status: OpenLabel = { max: 20 }
export const redisCommand: OpenLabel = { max: 40 }
export const redisError: OpenLabel = { max: 20 }
export const database: OpenLabel = { max: 16 }
/** Beside the name of what it tells of: as many values as names. */
export const told: OpenLabel = { max: 50, isTold: true }

export const tier: readonly string[] = ['memory', 'redis']
export const hitOrMiss: readonly string[] = ['hit', 'miss']
/** Where an answer came from, as outcomes say it. */
export const servedBy: readonly string[] = ['memory', 'redis', 'source', 'joined', 'stale', 'none']
/** Where the time of a read went. */
export const timedBy: readonly string[] = ['memory', 'redis', 'source']
export const breakerStates: readonly string[] = ['closed', 'open', 'half_open']
export const healthStates: readonly string[] = ['ok', 'degraded', 'down_to_source']
export const evictionCauses: readonly string[] = [
  'bytes',
  'entries',
  'expired',
  'stale',
  'invalidated',
]
export const storeResults: readonly string[] = [
  'stored',
  'doomed',
  'gone',
  'group',
  'older',
  'late',
  'notCarried',
  'sensitive',
  'invalid',
  'tooLarge',
  'forgotten',
  'noLease',
  'redisDown',
]
export const invalidationScopes: readonly string[] = ['key', 'pattern', 'group', 'family', 'all']
/** Steps of the protocol; what leaves together is one. */
export const redisOperations: readonly string[] = [
  'read',
  'lease',
  'fill',
  'set',
  'invalidate',
  'quarantine',
  'lock',
  'take',
  'beat',
  'other',
]
