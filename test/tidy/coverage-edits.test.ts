/** The edits of `test/coverage` fit the code as it is, and their rows; the command runs them. */
import { expect, test } from 'vitest'
import type { CoverageEdit } from '../coverage/edit.ts'
import { edits } from '../coverage/edits/index.ts'
import { coverageRows } from './coverage-rows.ts'
import { type Finding, told } from './finding.ts'
import { pointersIn } from './pointers.ts'
import { readCheckout } from './source-files.ts'

/** Requirements of which each that is shown has an edit. */
const proven = /^([EGH]\d+|C(6|7|8|9|11))$/

type Read = (path: string) => string

test('every edit fits its file once, and is noticed by a test that its row names', () => {
  expect(told(editFaults(edits, readCheckout))).toEqual([])
})

test('every requirement of services and caches that is shown has an edit', () => {
  expect(told(missingEdits(edits, readCheckout('docs/coverage.md')))).toEqual([])
})

test('an edit that no longer fits, or proves another thing, is found', () => {
  const page = '| A1 | lives: `src/a.test.ts` "keeps it" | shown |\n'
  const read: Read = (path) => (path === 'docs/coverage.md' ? page : 'const lifeMs = 5\n')
  const fits: CoverageEdit = {
    row: 'A1',
    loses: 'lives',
    file: 'src/a.ts',
    from: 'lifeMs = 5',
    to: 'lifeMs = 6',
    caught: { file: 'src/a.test.ts', test: 'keeps it' },
  }
  const faults = (change: Partial<CoverageEdit>) => told(editFaults([{ ...fits, ...change }], read))
  expect(faults({})).toEqual([])
  expect(faults({ from: 'lifeMs = 7' })).toEqual([expect.stringMatching('0 times')])
  expect(faults({ from: 's' })).toEqual([expect.stringMatching('2 times')])
  expect(faults({ from: 'const lifeMs = 5\n\n' })).toEqual([expect.stringMatching('one line')])
  expect(faults({ row: 'A9' })).toEqual([expect.stringMatching('A9 has no row')])
  expect(faults({ caught: { file: 'src/a.test.ts', test: 'loses it' } })).toEqual([
    expect.stringMatching('A1 does not name'),
  ])
})

test('a requirement without an edit is found', () => {
  const page =
    '| G1 | a | shown |\n| G2 | b | not built |\n| A1 | c | shown |\n| C9 | d | shown |\n'
  expect(told(missingEdits([], page))).toEqual([
    expect.stringMatching('G1 has no edit'),
    expect.stringMatching('C9 has no edit'),
  ])
})

function editFaults(all: readonly CoverageEdit[], read: Read): readonly Finding[] {
  const rows = coverageRows(read('docs/coverage.md'))
  return all.flatMap(({ row: id, file, from, caught }) => {
    const fault = (what: string, remedy: string): Finding => ({ path: file, line: 0, what, remedy })
    const row = rows.find((each) => each.id === id)
    if (row === undefined) return [fault(`${id} has no row`, 'correct the requirement')]
    const isNamed = pointersIn(row.shows).some(
      ({ path, names }) => path === caught.file && names.includes(caught.test),
    )
    if (!isNamed) return [fault(`${id} does not name "${caught.test}"`, 'name it in the row')]
    const isOneLine = from.replace(/\n$/, '').split('\n').length === 1
    if (!isOneLine) return [fault(`${id}: more than one line`, 'find an edit of one line')]
    const count = read(file).split(from).length - 1
    return count === 1 ? [] : [fault(`${id}: found ${count} times: ${from}`, 'follow the code')]
  })
}

function missingEdits(all: readonly CoverageEdit[], page: string): readonly Finding[] {
  return coverageRows(page)
    .filter(({ id, status }) => proven.test(id) && status === 'shown')
    .filter(({ id }) => !all.some(({ row }) => row === id))
    .map(({ id, line }) => {
      const remedy = 'add one to test/coverage/edits'
      return { path: 'docs/coverage.md', line, what: `${id} has no edit`, remedy }
    })
}
