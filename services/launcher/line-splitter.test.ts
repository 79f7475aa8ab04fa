import { expect, it } from 'vitest'
import { lineLengthMax, splitLines } from './line-splitter.ts'

it('joins chunks into lines and leaves out empty ones', () => {
  const lines: string[] = []
  const take = splitLines((line) => lines.push(line))
  for (const chunk of ['on', 'e\n\ntw', 'o\r\nthree']) take(chunk)
  expect(lines).toEqual(['one', 'two'])
})

it('passes on a line without end in pieces instead of keeping it', () => {
  const lines: string[] = []
  const take = splitLines((line) => lines.push(line))
  const piece = 'x'.repeat(lineLengthMax)
  take(piece)
  take('y')
  expect(lines).toEqual([`${piece}y`])
})
