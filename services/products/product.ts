/** A product as it is sold: what its label says, and the categories it is listed in. */
import { z } from 'zod'
import { wellFormed } from '../process/well-formed.ts'

/** Greatest number of categories of one product; the sample has 17 at most. */
const categoriesMax = 30
/** A tag of the cache has 256 bytes, `category:` included; encoded, a byte may become three. */
const categoryBytesMax = 80

const text = (charsMax: number) => wellFormed.trim().min(1).max(charsMax)
const amount = z.number().min(0).max(100_000).nullable()

export const eanSchema = z
  .string()
  .refine(isEan, { message: 'expected 13 digits, the last of which checks the others' })

export const categorySchema = text(categoryBytesMax).refine(
  (value) => Buffer.byteLength(value) <= categoryBytesMax,
  { message: `expected at most ${categoryBytesMax} bytes` },
)

/** What somebody may say of a product; the rest follows. */
export const productFields = z.object({
  name: text(200),
  brands: z.array(text(100)).max(20),
  quantity: text(60).nullable(),
  categories: z.array(categorySchema).max(categoriesMax),
  nutritionGrade: z.enum(['a', 'b', 'c', 'd', 'e']).nullable(),
  /** 1 unprocessed to 4 ultra-processed. */
  novaGroup: z.number().int().min(1).max(4).nullable(),
  per100g: z.object({
    energyKj: amount,
    fatG: amount,
    sugarsG: amount,
    proteinsG: amount,
    saltG: amount,
  }),
})

export const productSchema = productFields.extend({
  code: z.string(),
  createdAt: z.iso.datetime(),
  /** Orders two versions of a product: an older one never replaces a newer one. */
  modifiedAt: z.iso.datetime(),
})
export type Product = z.infer<typeof productSchema>

export const productPageSchema = z.object({
  /** Of all pages together. */
  total: z.number().int(),
  products: z.array(productSchema),
})
export type ProductPage = z.infer<typeof productPageSchema>

/** How many products carry a name: that of a category, or of a brand. */
export const namedCountSchema = z.object({ name: z.string(), products: z.number().int() })
export type NamedCount = z.infer<typeof namedCountSchema>

/** One page of a list; an empty category is all of them, an empty search any name. */
export interface PageId {
  readonly category: string
  readonly search: string
  readonly limit: number
  readonly offset: number
}

/** Names are searched in one spelling, so that two ways to write it share a page. */
export function normalisedSearch(search: string): string {
  return search.trim().toLowerCase().replace(/\s+/g, ' ')
}

/** Thirteen digits, the last of which makes the weighted sum a multiple of ten (GS1). */
export function isEan(code: string): boolean {
  if (!/^\d{13}$/.test(code)) return false
  const sum = [...code].reduce((total, digit, at) => total + Number(digit) * (at % 2 ? 3 : 1), 0)
  return sum % 10 === 0
}
