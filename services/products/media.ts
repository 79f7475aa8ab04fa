/**
 * Pictures of products: addresses and what they say about themselves. Nothing is fetched: the
 * provider's file names carry side, language, revision and size (`front_fr.4.400.jpg`).
 */
import { createHash } from 'node:crypto'
import { z } from 'zod'

export const mediaKinds = ['front', 'ingredients', 'nutrition', 'other'] as const
export type MediaKind = (typeof mediaKinds)[number]

export const mediaSchema = z.object({
  id: z.string(),
  productCode: z.string(),
  kind: z.enum(mediaKinds),
  url: z.string(),
  format: z.string(),
  /** Language of the label, where the name of the file says it. */
  language: z.string().nullable(),
  revision: z.number().int().nullable(),
  /** Longest side. */
  sizePixels: z.number().int().nullable(),
})
export type Media = z.infer<typeof mediaSchema>

/** At most so many pictures of one product. */
export const mediaPerProductMax = 20

export const mediaUrl = z
  .url({ protocol: /^https?$/ })
  .max(500)
  .refine((url) => !/[\0\p{Cs}]/u.test(url), { message: 'expected well-formed text' })

const fileName = /\/(front|ingredients|nutrition)_([a-z]{2})\.(\d{1,6})\.(\d{1,5})\.([a-z]{2,5})$/
const anyFormat = /\.([a-z]{2,5})$/

export function mediaOf(productCode: string, url: string): Media {
  const id = createHash('sha256').update(`${productCode} ${url}`).digest('hex').slice(0, 16)
  const { pathname } = new URL(url)
  const [, kind, language, revision, size, format] = fileName.exec(pathname) ?? []
  return {
    id,
    productCode,
    kind: mediaKinds.find((known) => known === kind) ?? 'other',
    url,
    format: format ?? anyFormat.exec(pathname)?.[1] ?? 'unknown',
    language: language ?? null,
    revision: revision === undefined ? null : Number(revision),
    sizePixels: size === undefined ? null : Number(size),
  }
}
