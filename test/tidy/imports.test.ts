/** Who may import whom: the table of `house.ts`, in the code and in `docs/architecture.md`. */
import { posix } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Finding, told } from './finding.ts'
import { house, roomsByFile, rootRoom } from './house.ts'
import { isScript, isTest, readCheckout, type SourceFile, sourceFiles } from './source-files.ts'
import { type ImportLink, importsOf } from './syntax.ts'

const table = 'change the design, or the table in test/tidy/house.ts and docs/architecture.md'

describe('imports', () => {
  test('obey the table of the house', () => {
    expect(told(forbiddenImports(sourceFiles()))).toEqual([])
  })

  test('are refused where the table does not have them', () => {
    expect(one('src/memory/a.ts', '../redis/index.ts')).toMatch('memory may not import redis')
    expect(one('src/cache/a.ts', '../coherence/trust.ts')).toMatch('by its index')
    expect(one('src/cache/a.ts', '../open.ts')).toMatch('cache may not import src/*.ts')
    expect(one('src/lost/a.ts', '../core/key.ts')).toMatch('lost has no row')
    expect(one('src/cache/a.ts', 'ioredis')).toMatch('cache may not import the package ioredis')
    expect(one('src/core/contracts/a.ts', '../slot.ts')).toMatch('contract')
    expect(one('src/core/a.ts', '../../services/domain/user.ts')).toMatch('outside of src')
    expect(one('src/core/a.test.ts', '../../test/servers/redis.ts')).toMatch('outside of src')
    expect(one('services/bot/a.ts', '../../src/index.ts')).toMatch('its name')
    expect(one('bench/a.ts', '../dist/index.js')).toMatch('its name')
    expect(one('dashboard/pages/a.ts', '../../src/ops/answers.ts')).toMatch('its name')
    expect(one('test/servers/a.test.ts', '../../src/core/key.ts')).toMatch('its name')
  })

  test('pass where the table has them', () => {
    for (const [path, specifier] of [
      ['src/cache/a.ts', '../coherence/index.ts'],
      ['src/cache/a.ts', '../core/contracts/store.ts'],
      ['src/open.ts', './redis/index.ts'],
      ['src/core/a.ts', '../base/duration.ts'],
      ['src/redis/a.test.ts', '../system.ts'],
      ['services/bot/a.ts', 'staleproof'],
      ['services/bot/a.ts', '../domain/catalog.ts'],
    ] as const) {
      expect(one(path, specifier)).toBeUndefined()
    }
  })

  test('of ioredis stand behind what keeps texts fast', () => {
    expect(told(slowImports(sourceFiles()))).toEqual([])
    const [ours, theirs] = ["import '../base/fast-texts.ts'", "import { Redis } from 'ioredis'"]
    const found = (...lines: string[]) => {
      return slowImports([{ path: 'src/redis/a.ts', text: lines.join('\n') }])
    }
    expect(found(ours, theirs)).toEqual([])
    expect(found("import type { Redis } from 'ioredis'")).toEqual([])
    for (const lines of [[theirs], [theirs, ours]]) expect(found(...lines)).toHaveLength(1)
  })

  test('are shown in docs/architecture.md as they are enforced', () => {
    const page = readCheckout('docs/architecture.md')
    const shown = page.split('\n').filter((line) => line.startsWith('| `src/'))
    const rows = shown.map((line) => line.replace(/ +/g, ' '))
    expect(rows).toEqual(Object.entries(house).map(([name, room]) => rowOf(name, room)))
  })
})

function one(path: string, specifier: string): string | undefined {
  return told(forbiddenImports([{ path, text: `import { a } from '${specifier}'\n` }]))[0]
}

function forbiddenImports(files: readonly SourceFile[]): readonly Finding[] {
  return files.filter(isScript).flatMap((file) =>
    importsOf(file).flatMap((link): Finding[] => {
      const problem = problemOf(file, link)
      if (problem === undefined) return []
      return [{ path: file.path, line: link.line, ...problem }]
    }),
  )
}

/** See `src/base/fast-texts.ts`. */
function slowImports(files: readonly SourceFile[]): readonly Finding[] {
  const ours = files.filter((file) => {
    return isScript(file) && file.path.startsWith('src/') && !isTest(file)
  })
  return ours.flatMap((file): Finding[] => {
    const links = importsOf(file).filter((link) => !link.isTypeOnly)
    const slow = links.find(({ specifier }) => specifier === 'ioredis')
    const guard = links.find(({ specifier }) => specifier.endsWith('/base/fast-texts.ts'))
    if (slow === undefined || (guard !== undefined && guard.line < slow.line)) return []
    const remedy = "import '…/base/fast-texts.ts' first"
    return [{ path: file.path, line: slow.line, what: 'ioredis makes all texts slow', remedy }]
  })
}

function problemOf(file: SourceFile, link: ImportLink): Omit<Finding, 'path' | 'line'> | undefined {
  const { specifier } = link
  const isRelative = specifier.startsWith('.')
  const target = isRelative ? posix.join(posix.dirname(file.path), specifier) : specifier
  if (!file.path.startsWith('src/')) {
    if (!/^(src|dist)\//.test(target)) return undefined
    const remedy = "import from 'staleproof' or 'staleproof/…'; unit tests lie beside their file"
    return { what: `reaches into ${target}; the library is known by its name`, remedy }
  }
  if (isRelative && !target.startsWith('src/')) {
    return { what: `imports ${target}, outside of src`, remedy: 'give it at construction' }
  }
  if (isTest(file)) return undefined
  const from = roomOf(file.path)
  const row = house[from]
  if (row === undefined) return { what: `the room ${from} has no row`, remedy: table }
  if (!isRelative) {
    if (row.packages.includes(specifier)) return undefined
    return { what: `${from} may not import the package ${specifier}`, remedy: table }
  }
  if (file.path.includes('/contracts/') && !link.isTypeOnly) {
    return { what: `a contract imports ${target} at run time`, remedy: 'use import type' }
  }
  const to = roomOf(target)
  if (to === from) return undefined
  if (!row.rooms.includes(to)) return { what: `${from} may not import ${to}`, remedy: table }
  if (roomsByFile.includes(to) || to === rootRoom) return undefined
  if (target === `src/${to}/index.ts`) return undefined
  return { what: `imports ${target}`, remedy: `import ${to} by its index` }
}

/** `src/cache/reader.ts` lies in the room `cache`, `src/open.ts` in the room of the root. */
function roomOf(path: string): string {
  const [, room = '', ...rest] = path.split('/')
  return rest.length === 0 ? rootRoom : room
}

function rowOf(name: string, { purpose, rooms, packages }: (typeof house)[string]): string {
  const path = name === rootRoom ? name : `src/${name}`
  const imported = rooms.length === 0 ? '–' : rooms.join(', ')
  return `| \`${path}\` | ${purpose} | ${imported} | ${packages.join(', ') || '–'} |`
}
