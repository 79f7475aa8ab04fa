/** Puts together what the admin API works with: one connection of its own, and what uses it. */

import { createInspection, type Inspection } from '../inspect/index.ts'
import { OpsRoute, opsNames, type Published, readerCommands, readFacts } from '../observe/index.ts'
import { AuditTrail, auditCommands } from './audit-trail.ts'
import type { Change } from './changes.ts'
import { Desk } from './desk.ts'
import { doctorDesk, reportCommands } from './doctor-runs.ts'
import { KeyBook } from './key-book.ts'
import { type KeyIndex, LocalKeyIndex } from './key-index.ts'
import type { ResolvedOps } from './ops-options.ts'
import { Plans } from './plans.ts'
import type { OpsCache } from './platform.ts'
import { keyCommands, RedisKeyIndex } from './redis-key-index.ts'
import { ServerWatch, watchCommands } from './server-watch.ts'

/** A page waits no longer for what one command of the server says. */
const commandTimeoutMs = 2_000

export interface OpenDesk {
  readonly desk: Desk
  close(): Promise<void>
}

export function openDesk(cache: OpsCache, options: ResolvedOps): OpenDesk {
  const { namespace, service, families } = cache.about()
  const { clock, chance, log } = options
  const keys = new KeyBook(families)
  const inspection = inspectionOf(options, service)
  const watch = inspection && new ServerWatch({ inspection, clock, keys, namespace })
  // Records of operations may lie on another node than the one that it leads to.
  const connection = inspection && new OpsRoute(inspection)
  const audit = new AuditTrail({ key: opsNames(namespace).audit, connection, log })
  const desk = new Desk({
    cache,
    reporter: options.reporter,
    neighbours: () => neighboursAt(options.neighbours, connection),
    clock,
    keys,
    index: indexOf(cache, inspection, namespace),
    plans: new Plans<Change>(clock, chance),
    audit,
    doctor: doctorDesk({ cache, keys, connection, options }),
    look: async () => watch?.latest(),
    warm: options.warm,
    environment: options.environment,
    isReadOnly: options.isReadOnly,
  })
  return {
    desk,
    async close() {
      watch?.stop()
      await inspection?.close()
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

function inspectionOf({ redis, clock }: ResolvedOps, service: string): Inspection | undefined {
  if (redis === undefined) return undefined
  const lists = [watchCommands, keyCommands, auditCommands, reportCommands, readerCommands]
  const allowed = [...new Set(lists.flat())]
  const name = `staleproof-ops:${service}`
  return createInspection(redis, { name, allowed, commandTimeoutMs, noTouch: true, clock })
}

function indexOf(cache: OpsCache, inspection: Inspection | undefined, namespace: string): KeyIndex {
  if (inspection === undefined) return new LocalKeyIndex(cache)
  return new RedisKeyIndex(inspection, namespace)
}
