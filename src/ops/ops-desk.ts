/** Puts together what the admin API works with: its connections, and what uses them. */

import { createInspection, type Inspection } from '../inspect/index.ts'
import { OpsRoute, opsNames, type Published, readerCommands, readFacts } from '../observe/index.ts'
import { AuditTrail, auditCommands } from './audit-trail.ts'
import type { Change } from './changes.ts'
import { Desk } from './desk.ts'
import { doctorDesk, reportCommands } from './doctor-runs.ts'
import { KeyBook } from './key-book.ts'
import { LocalKeyIndex } from './key-index.ts'
import type { ResolvedOps } from './ops-options.ts'
import { Plans } from './plans.ts'
import type { OpsCache } from './platform.ts'
import { keyCommands, RedisKeyIndex } from './redis-key-index.ts'
import { ServerWatch, watchCommands } from './server-watch.ts'

/** A page waits no longer for what one command of the server says. */
const commandTimeoutMs = 2_000
const lookCommands = [...watchCommands, ...reportCommands, ...readerCommands]

export interface OpenDesk {
  readonly desk: Desk
  close(): Promise<void>
}

export function openDesk(cache: OpsCache, options: ResolvedOps): OpenDesk {
  const { namespace, service, families } = cache.about()
  const { clock, chance, log } = options
  const keys = new KeyBook(families)
  // Three, because each has a pace: nobody who lists keys holds up what is being audited.
  const looking = inspectionOf(options, `staleproof-ops:${service}`, lookCommands)
  const listing = inspectionOf(options, `staleproof-ops-keys:${service}`, keyCommands)
  const auditing = inspectionOf(options, `staleproof-ops-audit:${service}`, auditCommands)
  const watch = looking && new ServerWatch({ inspection: looking, clock, keys, namespace })
  // Records of operations may lie on another node than the one that an address leads to.
  const connection = looking && new OpsRoute(looking)
  const audit = new AuditTrail({
    key: opsNames(namespace).audit,
    connection: auditing && new OpsRoute(auditing),
    log,
  })
  const doctor = doctorDesk({ cache, keys, connection, options })
  const desk = new Desk({
    cache,
    reporter: options.reporter,
    neighbours: () => neighboursAt(options.neighbours, connection),
    clock,
    keys,
    index: listing ? new RedisKeyIndex(listing, namespace) : new LocalKeyIndex(cache),
    plans: new Plans<Change>(clock, chance),
    audit,
    doctor,
    look: async () => watch?.latest(),
    warm: options.warm,
    log,
    environment: options.environment,
    isReadOnly: options.isReadOnly,
  })
  return {
    desk,
    async close() {
      watch?.stop()
      doctor.close()
      await Promise.all([looking, listing, auditing].map((one) => one?.close()))
    },
  }
}

/** One that can't be read is not shown. */
async function neighboursAt(
  namespaces: readonly string[],
  connection: OpsRoute | undefined,
): Promise<readonly Published[]> {
  if (connection === undefined) return []
  const readings = namespaces.map((namespace) => readFacts(connection, namespace))
  const results = await Promise.allSettled(readings)
  return results.flatMap((result) => (result.status === 'fulfilled' ? result.value.processes : []))
}

function inspectionOf(
  { redis, clock }: ResolvedOps,
  name: string,
  allowed: readonly string[],
): Inspection | undefined {
  if (redis === undefined) return undefined
  return createInspection(redis, { name, allowed, commandTimeoutMs, noTouch: true, clock })
}
