/**
 * What is promised in `docs` points to what shows it: every sentence of the guarantee,
 * every race, failure and finding that is known, every cell of what happens when.
 */
import { describe, expect, test } from 'vitest'
import { type Finding, told } from './finding.ts'
import { countPointers, type Names, namesInCheckout, pointerFaults } from './pointers.ts'
import { readCheckout } from './source-files.ts'

/** Rows that `docs/races.md` must have, by the letter of its table. */
const races = {
  /** The catalogue of races that other libraries lose. */
  R: 11,
  /** Failures, as the protocol lists them. */
  F: 20,
  /** What broke in earlier versions of the protocol. */
  B: 27,
}

describe('the guarantee', () => {
  const page = 'docs/guarantee.md'

  test('has no sentence without a mark, and no mark without a test', () => {
    expect(told(guaranteeFaults(page, readCheckout(page), namesInCheckout()))).toEqual([])
  })

  test('is refused with a sentence that nothing shows', () => {
    const names: Names = (path) => (path === 'test/a.test.ts' ? ['keeps it'] : undefined)
    const good =
      '## Promised\n\nIt is kept [1].\n\n## Shown by\n\n| 1 | `test/a.test.ts` "keeps it" |\n'
    const faults = (text: string) => told(guaranteeFaults('page', text, names))
    expect(faults(good)).toEqual([])
    expect(faults(good.replace('kept [1].', 'kept [1]. Always.'))).toEqual([
      expect.stringMatching('"Always."'),
    ])
    expect(faults(good.replace('[1].', '[2].'))).toEqual([
      expect.stringMatching('mark 2 has no row'),
      expect.stringMatching('row 1 is used by no sentence'),
    ])
    expect(faults(good.replace('keeps it', 'keeps'))).toEqual([expect.stringMatching('no test')])
    expect(faults(good.replace('`test/a.test.ts` "keeps it"', 'us'))).toEqual([
      expect.stringMatching('row 1 points to nothing'),
    ])
  })
})

describe('the known races, failures and findings', () => {
  test('have a named test each', () => {
    const page = 'docs/races.md'
    const rows = numberedRows(readCheckout(page))
    const wanted = Object.entries(races).flatMap(([letter, count]) =>
      Array.from({ length: count }, (_, index) => `${letter}${index + 1}`),
    )
    expect(rows.map(({ id }) => id).sort()).toEqual([...wanted].sort())
    const names = namesInCheckout()
    expect(told(rows.flatMap((row) => rowFaults(page, row, names)))).toEqual([])
  })
})

describe('what happens when', () => {
  test('points to a test in every row', () => {
    const page = 'docs/what-happens-when.md'
    const rows = readCheckout(page)
      .split('\n')
      .map((text, index) => ({ text, line: index + 1 }))
      .filter(({ text }) => text.startsWith('| ') && !/^\| (What fails|-)/.test(text))
    expect(rows.length).toBeGreaterThanOrEqual(12)
    const names = namesInCheckout()
    const faults = rows.flatMap(({ text, line }) =>
      rowFaults(page, { id: text, text, line }, names),
    )
    expect(told(faults)).toEqual([])
  })
})

interface Row {
  readonly id: string
  readonly text: string
  readonly line: number
}

const shownBy = '\n## Shown by\n'

function guaranteeFaults(page: string, text: string, namesIn: Names): readonly Finding[] {
  const [promises = '', table = ''] = text.split(shownBy)
  const offset = promises.split('\n').length + 1
  const rows = numberedRows(table).map((row) => ({ ...row, line: row.line + offset }))
  const sentences = sentencesOf(promises)
  const used = new Set(sentences.flatMap(({ marks }) => marks))
  const fault = (line: number, what: string): Finding => {
    return { path: page, line, what, remedy: 'point to a test, or do not promise it' }
  }
  return [
    ...sentences
      .filter(({ marks }) => marks.length === 0)
      .map((sentence) => fault(sentence.line, `"${sentence.text}" has no mark`)),
    ...[...used]
      .filter((mark) => !rows.some(({ id }) => id === mark))
      .map((mark) => fault(0, `mark ${mark} has no row`)),
    ...rows
      .filter(({ id }) => !used.has(id))
      .map(({ id, line }) => fault(line, `row ${id} is used by no sentence`)),
    ...rows.flatMap((row) => rowFaults(page, row, namesIn)),
  ]
}

function rowFaults(page: string, { id, text, line }: Row, namesIn: Names): readonly Finding[] {
  if (countPointers(text) > 0) return pointerFaults({ page, line, text }, namesIn)
  return [{ path: page, line, what: `row ${id} points to nothing`, remedy: 'name a test' }]
}

/** Rows of tables whose first cell is a number or a letter and a number. */
function numberedRows(text: string): readonly Row[] {
  return text.split('\n').flatMap((row, index) => {
    const [, id] = /^\| ([A-Z]?\d+) \|/.exec(row) ?? []
    return id === undefined ? [] : [{ id, text: row, line: index + 1 }]
  })
}

/** Sentences of paragraphs and lists below the first section; headings and quotes are none. */
function sentencesOf(text: string): readonly { text: string; line: number; marks: string[] }[] {
  const [head = ''] = `\n${text}`.split('\n## ')
  const body = text.slice(Math.max(0, head.length - 1))
  const headLines = head.split('\n').length - 1
  return body.split('\n').flatMap((row, index) => {
    if (row === '' || /^(#|\||>)/.test(row)) return []
    const sentences = row.replace(/^[-*] /, '').split(/(?<=[.:])\s+(?=[A-Z`*])/)
    return sentences.map((sentence) => {
      const [, list = ''] = /\[(\d+(?:, \d+)*)\][.:]$/.exec(sentence) ?? []
      const marks = list === '' ? [] : list.split(', ')
      return { text: sentence, line: headLines + index, marks }
    })
  })
}
