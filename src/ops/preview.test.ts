import { expect, test } from 'vitest'
import { previewBytesMax, previewOf } from './preview.ts'

test('shows plain data as it is, and names what JSON can not carry', () => {
  const value = { text: '<b>\u0000', none: null, big: 7n, map: new Map([['a', 1]]), no: Number.NaN }
  expect(previewOf(value)).toEqual({
    json: { text: '<b>\u0000', none: null, big: '7n', map: { Map: [['a', 1]] }, no: 'NaN' },
  })
  expect(previewOf(new Uint8Array(3))).toEqual({ json: { bytes: 3 } })
})

test('shows nothing of what is too large', () => {
  expect(previewOf('é'.repeat(previewBytesMax / 2))).toBeUndefined()
  expect(previewOf('x'.repeat(previewBytesMax - 2))).toBeDefined()
})
