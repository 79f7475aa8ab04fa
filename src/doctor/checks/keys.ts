/** B: keys, their TTLs and their names. */
import type { Check } from '../check.ts'
import { familyChecks } from './keys/families.ts'
import { heatChecks } from './keys/heat.ts'
import { nameChecks } from './keys/names.ts'
import { sizeChecks } from './keys/sizes.ts'
import { ttlChecks } from './keys/ttl.ts'

const all = [...ttlChecks, ...sizeChecks, ...heatChecks, ...familyChecks, ...nameChecks]

export const keyChecks: readonly Check[] = all.sort((a, b) => (a.id < b.id ? -1 : 1))
