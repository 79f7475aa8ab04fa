import { expect, it } from 'vitest'
import { cutTo, padTo, widthOf } from './text-width.ts'

it('counts columns: wide characters are two, what stands on another one is none', () => {
  expect(widthOf('abc')).toBe(3)
  expect(widthOf('日本')).toBe(4)
  expect(widthOf('e\u0301')).toBe(1)
  expect(widthOf('\u001b[31mred\u001b[39m')).toBe(3)
})

it('cuts to columns, and shows that it did', () => {
  expect(cutTo('abcdef', 6)).toBe('abcdef')
  expect(cutTo('abcdefg', 6)).toBe('abcde…')
  expect(cutTo('日本語', 4)).toBe('日…')
  expect(cutTo('abc', 0)).toBe('')
})

it('fills on the side that is asked for', () => {
  expect(padTo('日', 4, 'left')).toBe('日  ')
  expect(padTo('7', 3, 'right')).toBe('  7')
})
