import { expect, test } from 'vitest'
import { fieldsOf } from './csv.ts'

test('reads plain, empty and quoted fields', () => {
  expect(fieldsOf('a,,"b, c","say ""hi"""')).toEqual(['a', '', 'b, c', 'say "hi"'])
})

test('keeps an empty last field', () => {
  expect(fieldsOf('a,')).toEqual(['a', ''])
})

test('gives up on a quoted field that is not closed or goes on after its end', () => {
  expect(fieldsOf('a,"b')).toBeUndefined()
  expect(fieldsOf('"a"b,c')).toBeUndefined()
})
