/** All checks, group by group. */
import type { Check } from '../check.ts'
import { commandChecks } from './commands.ts'
import { connectionChecks } from './connections.ts'
import { keyChecks } from './keys.ts'
import { latencyChecks } from './latency.ts'
import { memoryChecks } from './memory.ts'
import { persistenceChecks } from './persistence.ts'
import { platformChecks } from './platform.ts'
import { replicationChecks } from './replication.ts'
import { securityChecks } from './security.ts'

export const checks: readonly Check[] = [
  ...memoryChecks,
  ...keyChecks,
  ...commandChecks,
  ...latencyChecks,
  ...connectionChecks,
  ...persistenceChecks,
  ...replicationChecks,
  ...securityChecks,
  ...platformChecks,
]
