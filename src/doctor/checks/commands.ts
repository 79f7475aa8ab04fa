/** CMD01 to CMD12: commands, and the use that services make of the cache. */
import type { Check } from '../check.ts'
import { blockingChecks } from './commands/blocking.ts'
import { hitRateChecks } from './commands/hit-rate.ts'
import { invalidationChecks, staleReadChecks } from './commands/invalidations.ts'
import { sourceCodeChecks } from './commands/source-code.ts'
import { trafficChecks } from './commands/traffic.ts'

export const commandChecks: readonly Check[] = [
  ...blockingChecks,
  ...sourceCodeChecks,
  ...invalidationChecks,
  ...hitRateChecks,
  ...trafficChecks,
  ...staleReadChecks,
]
