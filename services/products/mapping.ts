/**
 * Which ASIN a marketplace gives to an EAN. No such mapping is published under a usable licence,
 * so ours is made up, and says so: a hash of the EAN decides, about a fifth has none, and a few
 * have two.
 */
import { createHash } from 'node:crypto'
import { z } from 'zod'

export const asinSchema = z.string().regex(/^[A-Z0-9]{10}$/, '10 capitals and digits')

export const mappingSchema = z.object({
  ean: z.string(),
  asins: z.array(asinSchema),
  /** `synthetic`: made up by a rule. `manual`: somebody entered it here. */
  origin: z.enum(['synthetic', 'manual']),
})
export type Mapping = z.infer<typeof mappingSchema>

/** Greatest number of EANs in one batch request. */
export const mappingBatchMax = 200

const withoutAsinPercent = 20
const withTwoPercent = 3
const asinTailLength = 8

/** The same for everyone and at any time; empty: the marketplace does not have it. */
export function syntheticAsins(ean: string): string[] {
  const percent = createHash('sha256').update(`share ${ean}`).digest().readUInt32BE() % 100
  if (percent < withoutAsinPercent) return []
  const count = percent >= 100 - withTwoPercent ? 2 : 1
  return Array.from({ length: count }, (_, index) => asinOf(ean, index))
}

function asinOf(ean: string, index: number): string {
  const hash = createHash('sha256').update(`asin ${index} ${ean}`).digest()
  const tail = hash.readBigUInt64BE().toString(36).toUpperCase()
  return `B0${tail.padStart(asinTailLength, '0').slice(-asinTailLength)}`
}
