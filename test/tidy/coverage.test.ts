/** `docs/coverage.md` has one row for each requirement, and what it points to exists. */
import { describe, expect, test } from 'vitest'
import { type CoverageRow, coverageRows } from './coverage-rows.ts'
import { type Finding, told } from './finding.ts'
import { countPointers, type Names, namesInCheckout, pointerFaults } from './pointers.ts'
import { readCheckout } from './source-files.ts'

/** How many requirements each letter has. */
const letters = { A: 7, B: 8, C: 11, D: 6, E: 4, F: 8, G: 9, H: 5 }
const ids = Object.entries(letters).flatMap(([letter, count]) =>
  Array.from({ length: count }, (_, index) => `${letter}${index + 1}`),
)

describe('coverage', () => {
  test('points from every requirement to a test that exists', () => {
    expect(told(faultsOf(readCheckout('docs/coverage.md'), namesInCheckout()))).toEqual([])
  })

  test('is refused with a row missing, twice, unknown or of another status', () => {
    const names: Names = () => []
    const page = ids.map((id) => `| ${id} | – | not built |\n`).join('')
    expect(faultsOf(page, names)).toEqual([])
    expect(told(faultsOf(page.replace('| A1 | – | not built |', ''), names))).toEqual([
      expect.stringMatching('A1 has 0 rows'),
    ])
    expect(told(faultsOf(`${page}| B2 | – | not built |`, names))).toEqual([
      expect.stringMatching('B2 has 2 rows'),
    ])
    expect(told(faultsOf(`${page}| C12 | – | not built |`, names))).toEqual([
      expect.stringMatching('C12 is no requirement'),
    ])
    expect(
      told(faultsOf(page.replace('| D1 | – | not built |', '| D1 | – | done |'), names)),
    ).toEqual([expect.stringMatching('D1 .*done')])
  })

  test('is refused where a shown row points to nothing', () => {
    const names: Names = (path) => (path === 'src/a.test.ts' ? ['keeps its promise'] : undefined)
    const page = ids.map((id) => `| ${id} | – | not built |\n`).join('')
    const shown = (what: string): readonly string[] =>
      told(faultsOf(page.replace('| E1 | – | not built |', `| E1 | ${what} | shown |`), names))
    expect(shown('`src/a.test.ts` "keeps its promise"')).toEqual([])
    expect(shown('–')).toEqual([expect.stringMatching('E1 is shown by nothing')])
    expect(shown('`src/a.test.ts`')).toEqual([expect.stringMatching('names no test')])
    expect(shown('`src/b.test.ts` "keeps"')).toEqual([expect.stringMatching('is no file')])
    expect(shown('`src/a.test.ts` "another"')).toEqual([expect.stringMatching('has no test')])
  })
})

function faultsOf(page: string, namesIn: Names): readonly Finding[] {
  const rows = coverageRows(page)
  const counted = ids.flatMap((id) => {
    const count = rows.filter((row) => row.id === id).length
    return count === 1 ? [] : [fault(0, `${id} has ${count} rows`, 'give it exactly one')]
  })
  return [...counted, ...rows.flatMap((row) => rowFaults(row, namesIn))]
}

function rowFaults({ id, shows, status, line }: CoverageRow, namesIn: Names): readonly Finding[] {
  if (!ids.includes(id)) return [fault(line, `${id} is no requirement`, 'remove the row')]
  if (status !== 'shown' && status !== 'not built') {
    return [fault(line, `${id} has the status ${status}`, "write 'shown' or 'not built'")]
  }
  // A row that is not built may point to the tests of what is there of it.
  if (countPointers(shows) === 0 && status === 'shown') {
    return [fault(line, `${id} is shown by nothing`, 'name a `file` and its "test"')]
  }
  return pointerFaults({ page: 'docs/coverage.md', line, text: shows }, namesIn)
}

function fault(line: number, what: string, remedy: string): Finding {
  return { path: 'docs/coverage.md', line, what, remedy }
}
