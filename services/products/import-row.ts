/** One row of an import, as Open Food Facts exports them, to a product with its pictures. */
import { z } from 'zod'
import { type Media, mediaOf, mediaUrl } from './media.ts'
import { categorySchema, eanSchema, type Product, productSchema } from './product.ts'

export interface ImportedProduct {
  readonly product: Product
  readonly media: readonly Media[]
}

export type RowResult =
  | { readonly kind: 'product'; readonly imported: ImportedProduct }
  | { readonly kind: 'rejected'; readonly message: string }

/** A row of the sample has 3 kB at most. */
export const rowCharsMax = 64 * 1_024
const messageCharsMax = 300

const amount = z.number().min(0).max(100_000).optional()
const secondsSince1970 = z.number().int().min(0).max(4_102_444_800)

const rowSchema = z.object({
  code: eanSchema,
  product_name: z.string(),
  brands: z.string().optional(),
  quantity: z.string().optional(),
  categories_tags: z.string().optional(),
  nutrition_grade_fr: z.enum(['a', 'b', 'c', 'd', 'e']).optional(),
  nova_group: z.coerce.number().int().min(1).max(4).optional(),
  energy_100g: amount,
  fat_100g: amount,
  sugars_100g: amount,
  proteins_100g: amount,
  salt_100g: amount,
  image_url: mediaUrl.optional(),
  image_ingredients_url: mediaUrl.optional(),
  image_nutrition_url: mediaUrl.optional(),
  created_t: secondsSince1970,
  last_modified_t: secondsSince1970,
})
type ImportRow = z.infer<typeof rowSchema>

/** The lines of a file; empty ones are no rows. */
export function rowsOf(input: string): readonly string[] {
  return input.split('\n').filter((line) => line.trim() !== '')
}

export function importedRow(line: string): RowResult {
  if (line.length > rowCharsMax) return rejected(`longer than ${rowCharsMax} characters`)
  const json = parsed(line)
  if (json === undefined) return rejected('no JSON')
  const row = rowSchema.safeParse(json)
  if (!row.success) return rejected(faultsOf(row.error))
  const product = productSchema.safeParse(productOf(row.data))
  if (!product.success) return rejected(faultsOf(product.error))
  const { code } = row.data
  const { image_url, image_ingredients_url, image_nutrition_url } = row.data
  const urls = [image_url, image_ingredients_url, image_nutrition_url]
  const media = urls.flatMap((url) => (url === undefined ? [] : [mediaOf(code, url)]))
  return { kind: 'product', imported: { product: product.data, media } }
}

function productOf(row: ImportRow): Product {
  return {
    code: row.code,
    name: row.product_name,
    brands: listOf(row.brands),
    quantity: row.quantity ?? null,
    categories: listOf(row.categories_tags).filter((one) => categorySchema.safeParse(one).success),
    nutritionGrade: row.nutrition_grade_fr ?? null,
    novaGroup: row.nova_group ?? null,
    per100g: {
      energyKj: row.energy_100g ?? null,
      fatG: row.fat_100g ?? null,
      sugarsG: row.sugars_100g ?? null,
      proteinsG: row.proteins_100g ?? null,
      saltG: row.salt_100g ?? null,
    },
    createdAt: new Date(row.created_t * 1_000).toISOString(),
    modifiedAt: new Date(row.last_modified_t * 1_000).toISOString(),
  }
}

/** Each once. */
function listOf(text = ''): string[] {
  const names = text.split(',').map((name) => name.trim())
  return [...new Set(names.filter((name) => name !== ''))]
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

function rejected(message: string): RowResult {
  return { kind: 'rejected', message: message.slice(0, messageCharsMax) }
}

function faultsOf(error: z.ZodError): string {
  return error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')
}
