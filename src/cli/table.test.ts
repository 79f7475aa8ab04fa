import { expect, it } from 'vitest'
import { columns } from './table.ts'

it('aligns the columns by what is seen, and leaves no space at the end', () => {
  const red = '\u001b[31mred\u001b[39m'
  const plain = (_colour: string, text: string) => text
  const rows = [
    ['a', red, 'end'],
    ['long', 'longer', 'x'],
  ]
  expect(columns(rows, plain)).toEqual([`  a     ${red}     end`, '  long  longer  x'])
})
