/** Keys have one place: a catalog. Nobody else builds one by hand (requirement A1). */
import { expect, test } from 'vitest'
import { type Finding, told } from './finding.ts'
import { isScript, isTest, type SourceFile, sourceFiles } from './source-files.ts'
import { chainOf, lineAt, nodesOf, syntaxOf, textOf, textsOf } from './syntax.ts'

const catalogPath = 'services/domain/catalog.ts'
/** That of the trading services, and that of the Products Manager. */
const catalogPaths = [catalogPath, 'services/products/catalog.ts']
/** Texts that begin like a key and are none, with what they are. */
const otherTexts: Readonly<Record<string, string>> = {
  'services/upstream/derive-market.ts': 'names from which a fixed seed derives values',
}
const remedy = `declare a family in ${catalogPaths.join(' or ')} and use cache.<family>.key(id)`

test('no service builds a key outside of the catalog', () => {
  const files = sourceFiles()
  const catalogs = files.filter(({ path }) => catalogPaths.includes(path))
  const prefixes = catalogs.flatMap(prefixesOf)
  expect(prefixes).toContain('api:positions:')
  expect(prefixes).toContain('price:')
  expect(prefixes).toContain('catalog_product_')
  const found = handmadeKeys(files, prefixes)
  expect(told(found.filter(({ path }) => otherTexts[path] === undefined))).toEqual([])
  const needed = new Set(found.map(({ path }) => path))
  expect(Object.keys(otherTexts).filter((path) => !needed.has(path))).toEqual([])
})

test('handmade keys are found in literals, templates and full Redis keys', () => {
  const catalog = `
    export const catalog = defineCatalog('polycool', {
      positions: family('api:positions:{userId:int}', {}),
      leaderboard: family('api:leaderboard', {}),
    })
  `
  const prefixes = prefixesOf({ path: catalogPath, text: catalog })
  expect(prefixes).toEqual(['api:positions:', 'api:leaderboard'])
  const path = 'services/workers/a.ts'
  for (const text of [
    "const key = 'api:positions:7'",
    ['const key = `api:positions:$', '{userId}`'].join(''),
    "const key = 'api:positions:' + userId",
    "const key = 'api:leaderboard'",
    "const slot = '{polycool:0}:k:api:positions:7'",
  ]) {
    expect(handmadeKeys([{ path, text }], prefixes), text).toHaveLength(1)
    expect(handmadeKeys([{ path: catalogPath, text }], prefixes), text).toEqual([])
  }
  const harmless = "get('/api/positions/7')\nconst text = 'the api:positions family'"
  expect(handmadeKeys([{ path, text: harmless }], prefixes)).toEqual([])
})

/** The fixed beginnings of the templates; whole templates where they have no parameter. */
function prefixesOf(catalog: SourceFile): readonly string[] {
  return [...nodesOf(syntaxOf(catalog).program)].flatMap(({ node }) => {
    if (node.type !== 'CallExpression' || chainOf(node.callee) !== 'family') return []
    const [template] = Array.isArray(node.arguments) ? node.arguments : []
    return textOf(template)?.split('{').slice(0, 1) ?? []
  })
}

function handmadeKeys(
  files: readonly SourceFile[],
  prefixes: readonly string[],
): readonly Finding[] {
  const outside = files.filter(
    (file) =>
      /^services\/(?!domain\/)/.test(file.path) &&
      !catalogPaths.includes(file.path) &&
      isScript(file) &&
      !isTest(file),
  )
  return outside.flatMap((file) =>
    [...textsOf(syntaxOf(file).program)].flatMap(({ text, start }) => {
      // Behind `{namespace:partition}:k:` the key itself begins.
      const key = text.replace(/^\{[^}]*\}:k:/, '')
      const prefix = prefixes.find((one) => key.startsWith(one))
      if (prefix === undefined) return []
      const line = lineAt(file.text, start)
      return [{ path: file.path, line, what: `builds a key of ${prefix} by hand`, remedy }]
    }),
  )
}
