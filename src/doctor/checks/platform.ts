/** PLT01 to PLT07: the processes themselves, by what they publish; it costs Redis nothing. */
import type { Check } from '../check.ts'
import { capacityChecks } from './platform/capacity.ts'
import { processChecks } from './platform/processes.ts'
import { warmingChecks } from './platform/warming.ts'

const inOrder = [...processChecks, ...warmingChecks, ...capacityChecks]

export const platformChecks: readonly Check[] = inOrder.sort((one, other) =>
  one.id < other.id ? -1 : 1,
)
