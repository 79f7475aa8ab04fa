import { expect, test } from 'vitest'
import { sampleEan, sampleRow } from '../../test/products/sample-rows.ts'
import { importedRow, rowCharsMax, rowsOf } from './import-row.ts'

const imported = (changes: object) => importedRow(JSON.stringify(sampleRow(1, changes)))

test('a row becomes a product with its pictures', () => {
  expect(imported({ brands: ' One,Two ,One', quantity: '70 g' })).toMatchObject({
    kind: 'product',
    imported: {
      product: {
        code: sampleEan(1),
        name: 'Product 1',
        brands: ['One', 'Two'],
        quantity: '70 g',
        categories: ['en:beverages', 'en:teas'],
        nutritionGrade: 'b',
        novaGroup: 4,
        per100g: { energyKj: 59, fatG: null },
        createdAt: '2017-03-09T20:11:19.000Z',
        modifiedAt: '2019-07-26T01:10:31.000Z',
      },
      media: [{ kind: 'front', language: 'fr', revision: 4, sizePixels: 400 }],
    },
  })
})

test.each([
  ['no JSON', 'no JSON', '{'],
  ['no object', 'Invalid input', '7'],
  ['a wrong check digit', 'code: expected 13 digits', JSON.stringify(sampleRow(1, { code: '1' }))],
  ['no name', 'name', JSON.stringify(sampleRow(1, { product_name: ' ' }))],
  ['NUL in a text', 'well-formed', JSON.stringify(sampleRow(1, { product_name: 'a\0b' }))],
  ['a picture of a file', 'image_url', JSON.stringify(sampleRow(1, { image_url: 'file:///x' }))],
  ['a time in the year 9999', 'created_t', JSON.stringify(sampleRow(1, { created_t: 3e11 }))],
  ['more than any row has', 'longer than', `"${'x'.repeat(rowCharsMax)}"`],
])('a row with %s is rejected with a reason', (_, message, line) => {
  expect(importedRow(line)).toEqual({ kind: 'rejected', message: expect.stringMatching(message) })
})

test('empty lines are no rows, and Windows writes lines as well', () => {
  expect(rowsOf('{}\r\n\n  \n{}\n')).toHaveLength(2)
})
