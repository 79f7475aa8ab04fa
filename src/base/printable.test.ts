import { expect, it } from 'vitest'
import { printable, printableLines } from './printable.ts'

it('shows what a terminal would obey as an escape', () => {
  expect(printable('a\u001b[2Jb\r\n\u0007')).toBe('a\\u001b[2Jb\\u000d\\u000a\\u0007')
  expect(printable('\u202egnp.exe\u009b31m')).toBe('\\u202egnp.exe\\u009b31m')
  expect(printable('\ud800x')).toBe('\\ud800x')
})

it('shows what has no shape, and what is no character', () => {
  expect(printable('a\u200bb\u061c\ufeff')).toBe('a\\u200bb\\u061c\\ufeff')
  expect(printable('\ufffe\uffff\u{e0041}')).toBe('\\ufffe\\uffff\\u{e0041}')
})

it('leaves letters of all languages as they are', () => {
  expect(printable('Größe 日本 é 🙂')).toBe('Größe 日本 é 🙂')
})

it('keeps the lines of a document', () => {
  expect(printableLines('{\n  "a": "\u0085"\n}')).toEqual(['{', '  "a": "\\u0085"', '}'])
})
