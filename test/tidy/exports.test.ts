/** The public surface, by hand: a name more or less is a decision, not an accident. */
import { expect, test } from 'vitest'
import { readCheckout } from './source-files.ts'
import { surface } from './surface.ts'
import { type Node, nameOf, nodesOf, syntaxOf, textOf } from './syntax.ts'

const entries = sourcesOfEntries(readCheckout('package.json'))

test('every entry point of the package has its list of names', () => {
  expect([...entries.keys()].sort()).toEqual(Object.keys(surface).sort())
})

test.each([...entries])('%s exports the listed names and no others', (entry, path) => {
  const text = readCheckout(path)
  expect(exportedNames(path, text)).toEqual(surface[entry])
})

test('names are read from every kind of export, and a star is refused', () => {
  const names = (text: string): readonly string[] => exportedNames('src/index.ts', text)
  expect(names("export { a, type B, c as d } from './a.ts'")).toEqual(['B', 'a', 'd'])
  expect(names("export type { E } from './a.ts'")).toEqual(['E'])
  expect(names('export function f() {}\nexport const g = 1, h = 2')).toEqual(['f', 'g', 'h'])
  expect(names('export interface I {}\nexport type J = 1\nexport class K {}')).toEqual([
    'I',
    'J',
    'K',
  ])
  expect(() => names("export * from './a.ts'")).toThrow('by hand')
})

/** Entry points and the sources behind them, by the private condition of the exports map. */
function sourcesOfEntries(packageText: string): ReadonlyMap<string, string> {
  const { exports } = JSON.parse(packageText) as { exports: Record<string, unknown> }
  const sources = new Map<string, string>()
  for (const [entry, target] of Object.entries(exports)) {
    const isMap = typeof target === 'object' && target !== null && 'staleproof-source' in target
    if (isMap) sources.set(entry, String(target['staleproof-source']).replace('./', ''))
  }
  return sources
}

function exportedNames(path: string, text: string): readonly string[] {
  const names: string[] = []
  for (const { node } of nodesOf(syntaxOf({ path, text }).program)) {
    if (node.type === 'ExportAllDeclaration') {
      throw new Error(`${path}: list the names of ${textOf(node.source)} by hand`)
    }
    if (node.type === 'ExportSpecifier') names.push(nameOf(node.exported))
    if (node.type === 'ExportNamedDeclaration') names.push(...declaredNames(node.declaration))
  }
  return names.sort()
}

function declaredNames(declaration: unknown): readonly string[] {
  if (typeof declaration !== 'object' || declaration === null) return []
  const { declarations, id } = declaration as Node
  const declared = Array.isArray(declarations) ? declarations.map(({ id: one }) => one) : [id]
  return declared.map(nameOf)
}
