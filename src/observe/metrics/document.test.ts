import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { definitions } from './definitions.ts'
import { documentTables, seriesTable } from './document.test-support.ts'

const document = readFileSync(new URL('../../../docs/metrics.md', import.meta.url), 'utf8')

test('docs/metrics.md has the tables that the definitions make', () => {
  expect(document).toContain(documentTables())
})

test('it says how many series a process has', () => {
  expect(document).toContain(seriesTable())
})

test('it names no metric that does not exist', () => {
  const named = document.match(/\b(?:cache|redis|db|http_server)_[a-z0-9_]+\b/g) ?? []
  const known = [...definitions.keys()].flatMap((name) => {
    return [name, `${name}_bucket`, `${name}_sum`, `${name}_count`]
  })
  const others = new Set(['redis_exporter'])
  expect(named.filter((name) => !known.includes(name) && !others.has(name))).toEqual([])
})
