import { describe, expect, it } from 'vitest'
import { gridLinesOf, type Table } from './grid.ts'

const table: Table = {
  columns: [
    { title: 'NAME', width: 6, rank: 0, side: 'left' },
    { title: 'READS', width: 6, rank: 1, side: 'right' },
    { title: 'SIZE', width: 6, rank: 2, side: 'right' },
  ],
  rows: [
    [
      { text: 'b', value: 'b' },
      { text: '5', value: 5 },
      { text: '9', value: 9 },
    ],
    [
      { text: 'a', value: 'a' },
      { text: '70', value: 70 },
      { text: '1', value: 1 },
    ],
    [{ text: 'c', value: 'c' }, { text: '–' }, { text: '2', value: 2 }],
  ],
  empty: 'nothing',
}
const shown = { sort: 0, isReversed: false, filter: '', columns: 20, rows: 10 }
const texts = (changed: Partial<typeof shown> = {}) =>
  gridLinesOf(table, { ...shown, ...changed }).map((line) =>
    line
      .map(({ text }) => text)
      .join('')
      .trimEnd(),
  )

describe('a table', () => {
  it('is sorted by its first column of numbers, and what has none comes last', () => {
    expect(texts()).toEqual([
      'NAME   READS▼   SIZE',
      'a          70      1',
      'b           5      9',
      'c           –      2',
    ])
  })

  it('is sorted by the columns in turn, by the name at last', () => {
    expect(texts({ sort: 1 })[1]).toMatch(/^b/)
    expect(
      texts({ sort: 2 })
        .slice(1)
        .map((line) => line.charAt(0)),
    ).toEqual(['a', 'b', 'c'])
    expect(texts({ sort: 3 })).toEqual(texts())
  })

  it('shows only rows with the text that was asked for, in any case', () => {
    expect(texts({ filter: 'C' })).toHaveLength(2)
    expect(texts({ filter: 'zzz' }).at(-1)).toBe('  nothing')
  })

  it('leaves out what matters least where room is short, but not what it is sorted by', () => {
    expect(texts({ columns: 14 })[0]).toBe('NAME    READS▼')
    expect(texts({ columns: 14, sort: 1 })[0]).toBe('NAME     SIZE▼')
  })

  it('has no more lines than there is room', () => {
    expect(texts({ rows: 2 })).toHaveLength(2)
  })
})
