/** Short enough to be read at a sitting: files by lines, lines by columns. Functions: Biome. */
import { expect, test } from 'vitest'
import { type Finding, told } from './finding.ts'
import { type SourceFile, sourceFiles } from './source-files.ts'

const linesHard = 400
const linesGoal = 300
const columnsMax = 100

/** Files above the goal, with their lines today. Only to be lowered or taken out. */
const exceptions: Readonly<Record<string, number>> = {
  'services/telegram/page/chat.css': 377,
}

test('no file is too long and no line too wide', () => {
  expect(told(tooLong(sourceFiles(), exceptions))).toEqual([])
})

test('a file above the goal, one above the hard limit and a wide line are found', () => {
  const long = { path: 'src/a.ts', text: 'a\n'.repeat(301) }
  expect(told(tooLong([long], {}))).toEqual([expect.stringMatching('301 lines')])
  expect(tooLong([long], { 'src/a.ts': 301 })).toEqual([])
  expect(tooLong([{ ...long, text: 'a\n'.repeat(401) }], { 'src/a.ts': 401 })).toHaveLength(1)
  const wide = { path: 'src/b.ts', text: `a\n${'é'.repeat(101)}\n` }
  expect(told(tooLong([wide], {}))).toEqual([expect.stringMatching('src/b.ts:2: 101 columns')])
  expect(tooLong([{ ...wide, text: 'é'.repeat(100) }], {})).toEqual([])
})

test('an exception that has grown, shrunk or gone is found', () => {
  const file = { path: 'src/a.ts', text: 'a\n'.repeat(310) }
  expect(tooLong([file], { 'src/a.ts': 305 })).toHaveLength(1)
  expect(tooLong([file], { 'src/a.ts': 315 })).toHaveLength(1)
  expect(tooLong([], { 'src/a.ts': 315 })).toHaveLength(1)
})

function tooLong(
  files: readonly SourceFile[],
  allowed: Readonly<Record<string, number>>,
): readonly Finding[] {
  const found = files.flatMap((file) => [...lengthOf(file, allowed[file.path]), ...wideLines(file)])
  const paths = new Set(files.map(({ path }) => path))
  const gone = Object.keys(allowed).filter((path) => !paths.has(path))
  const remedy = 'take it out of the exceptions in test/tidy/length.test.ts'
  return [...found, ...gone.map((path) => ({ path, line: 0, what: 'is no file', remedy }))]
}

function lengthOf({ path, text }: SourceFile, allowed: number | undefined): readonly Finding[] {
  const lines = text.replace(/\n$/, '').split('\n').length
  const what = `${lines} lines`
  const at = { path, line: 0 }
  if (lines > linesHard) {
    return [{ ...at, what, remedy: `at most ${linesHard}: find its second noun` }]
  }
  if (allowed !== undefined && lines !== allowed) {
    const remedy = lines > allowed ? `at most ${allowed}` : 'lower or remove its exception'
    return [{ ...at, what, remedy }]
  }
  if (allowed === undefined && lines > linesGoal) {
    return [{ ...at, what, remedy: `at most ${linesGoal}: find its second noun` }]
  }
  return []
}

function wideLines({ path, text }: SourceFile): readonly Finding[] {
  return text.split('\n').flatMap((line, index) => {
    const columns = [...line].length
    if (columns <= columnsMax) return []
    const remedy = `at most ${columnsMax}: break it`
    return [{ path, line: index + 1, what: `${columns} columns`, remedy }]
  })
}
