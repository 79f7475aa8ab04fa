/** A: memory and eviction. */
import type { Check } from '../check.ts'
import { evictionChecks } from './memory/eviction.ts'
import { useChecks } from './memory/use.ts'
import { valueChecks } from './memory/values.ts'

export const memoryChecks: readonly Check[] = [...evictionChecks, ...useChecks, ...valueChecks]
