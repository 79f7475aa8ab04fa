/** No module needs itself: run-time imports have no cycle. Types may refer to each other. */
import { posix } from 'node:path'
import { expect, test } from 'vitest'
import { type Finding, told } from './finding.ts'
import { isScript, type SourceFile, sourceFiles } from './source-files.ts'
import { importsOf } from './syntax.ts'

test('no file of src or services imports itself at run time by any way', () => {
  const files = sourceFiles().filter(({ path }) => /^(src|services)\//.test(path))
  expect(told(cycles(files))).toEqual([])
})

test('finds a cycle of three files, and none among types', () => {
  const ring = [
    { path: 'src/x/a.ts', text: "import { b } from './b.ts'\n" },
    { path: 'src/x/b.ts', text: "import type { A } from './a.ts'\nexport * from '../y/c.ts'\n" },
    { path: 'src/y/c.ts', text: "import { a } from '../x/a.ts'\n" },
  ]
  expect(told(cycles(ring))).toEqual([
    expect.stringMatching('src/x/a.ts → src/x/b.ts → src/y/c.ts → src/x/a.ts'),
  ])
  const typed = { path: 'src/y/c.ts', text: "import type { a } from '../x/a.ts'\n" }
  expect(cycles([...ring.slice(0, 2), typed])).toEqual([])
})

/** One finding for each cycle that a walk in depth meets. */
function cycles(files: readonly SourceFile[]): readonly Finding[] {
  const graph = graphOf(files)
  const finished = new Set<string>()
  const findings: Finding[] = []
  const visit = (path: string, way: readonly string[]): void => {
    const start = way.indexOf(path)
    if (start >= 0) {
      const what = `run-time cycle ${[...way.slice(start), path].join(' → ')}`
      findings.push({ path, line: 0, what, remedy: 'move what both need into a file of its own' })
      return
    }
    if (finished.has(path)) return
    for (const next of graph.get(path) ?? []) visit(next, [...way, path])
    finished.add(path)
  }
  for (const path of graph.keys()) visit(path, [])
  return findings
}

function graphOf(files: readonly SourceFile[]): ReadonlyMap<string, readonly string[]> {
  return new Map(
    files.filter(isScript).map((file) => [
      file.path,
      importsOf(file)
        .filter((link) => link.specifier.startsWith('.') && !link.isTypeOnly && !link.isDynamic)
        .map((link) => posix.join(posix.dirname(file.path), link.specifier)),
    ]),
  )
}
