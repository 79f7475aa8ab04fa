import { expect, test } from 'vitest'
import { importedRow, rowsOf } from './import-row.ts'
import { asinSchema, syntheticAsins } from './mapping.ts'
import { readSample } from './sample.ts'

test('an EAN has the same ASINs for everyone and at any time', () => {
  expect(syntheticAsins('3017620422003')).toEqual(['B059KZ857L'])
})

test('about a fifth of the sample has none, a few have two, and all look like ASINs', async () => {
  const products = rowsOf(await readSample()).map(importedRow)
  const eans = products.flatMap((row) =>
    row.kind === 'product' ? [row.imported.product.code] : [],
  )
  const found = [...new Set(eans)].map(syntheticAsins)
  const share = (length: number) =>
    found.filter((asins) => asins.length === length).length / found.length
  expect(share(0)).toBeGreaterThan(0.15)
  expect(share(0)).toBeLessThan(0.25)
  expect(share(2)).toBeGreaterThan(0.01)
  expect(share(2)).toBeLessThan(0.06)
  for (const asin of found.flat()) expect(asinSchema.parse(asin)).toMatch(/^B0/)
  expect(new Set(found.flat()).size).toBe(found.flat().length)
})
