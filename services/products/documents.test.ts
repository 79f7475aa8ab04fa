import { readFile } from 'node:fs/promises'
import { beforeAll, describe, expect, test } from 'vitest'
import { defaultTtlSeconds, productsCatalog } from './catalog.ts'
import { changes } from './changes.ts'
import { domainNames, domainOf, domains } from './domain.ts'
import * as writes from './writes.ts'

const catalog = productsCatalog()
const families = [...catalog.compiled.values()]
let page: string

beforeAll(async () => {
  const path = new URL('../../docs/reference-system/products.md', import.meta.url)
  page = await readFile(path, 'utf8')
})

/** The first cells of the rows of a table, as they stand. */
function documented(section: string, columns: number): string[] {
  const text = page.split(`## ${section}\n`)[1]?.split('\n## ')[0] ?? ''
  const rows = text.split('\n').filter((line) => line.startsWith('| `'))
  return rows.map((line) =>
    line
      .split('|')
      .slice(1, columns + 1)
      .map((cell) => cell.trim())
      .join(' | '),
  )
}

const code = (names: Iterable<string>) =>
  [...new Set(names)].map((name) => `\`${name}\``).join(', ')

describe('the page of the Products Manager says what the code does of', () => {
  test('domains', () => {
    const declared = domainNames.map((name) => {
      const { prefix, ttlMs } = domains[name]
      const seconds = ((ttlMs ?? defaultTtlSeconds * 1_000) / 1_000).toLocaleString('en')
      const lives =
        ttlMs === undefined ? `\`REDIS_CACHE_TTL\`, ${seconds} s by default` : `${seconds} s`
      return `\`${name}\` | \`${prefix}\` | ${lives}`
    })
    expect(documented('Domains', 3)).toEqual(declared)
  })

  test('families', () => {
    const declared = families.map(({ name, template, rules }) => {
      const absence =
        rules.negativeTtlMs === undefined ? '' : `, absence ${lifeOf(rules.negativeTtlMs)}`
      const key = template.text.replaceAll(':int}', '}')
      return `\`${name}\` | \`${key}\` | ${lifeOf(rules.ttlMs)}${absence}`
    })
    expect(documented('Families', 3)).toEqual(declared)
  })

  test('writes', () => {
    const declared = Object.values(writes).map(({ reason, tables }) => {
      const told = tables.flatMap((table) => changes.tables.get(table)?.families ?? [])
      const names = tables.map((table) => table.replace('products.', ''))
      return `\`${reason}\` | ${code(names)} | ${code(told)}`
    })
    expect(documented('Writes', 3)).toEqual(declared)
  })
})

test('every family lives as its domain says, and each domain has one that is set', () => {
  for (const { name, template, rules } of families) {
    const domain = domainOf(template.text)
    const ttlMs = domain && (domains[domain].ttlMs ?? defaultTtlSeconds * 1_000)
    expect([name, rules.ttlMs]).toEqual([name, ttlMs])
  }
  const set = families.filter(({ rules }) => rules.isSetOnly)
  expect(set.map(({ template }) => domainOf(template.text))).toEqual([...domainNames])
})

test('domains live as long as the source document says', () => {
  const seconds = domainNames.map((name) => [name, (domains[name].ttlMs ?? 0) / 1_000])
  expect(Object.fromEntries(seconds)).toEqual({
    catalog: 7_200,
    media: 3_600,
    imports: 1_800,
    code2asin: 86_400,
    analytics: 3_600,
    // REDIS_CACHE_TTL says it.
    default: 0,
  })
})

test('keys look as the source document says', () => {
  const keyOf = (name: string, id?: unknown) => catalog.compiled.get(name)?.template.keyText(id)
  expect(keyOf('productsCount')).toBe('catalog_products_count')
  expect(keyOf('mediaFile', 'abc123')).toBe('media_file_abc123')
  expect(keyOf('importStatus', 'xyz')).toBe('imports_job_status_xyz')
  expect(keyOf('mapping', 'ean123')).toBe('code2asin_mapping_ean123')
  expect(keyOf('dailyReport')).toBe('analytics_daily_report')
  expect(keyOf('appSettings')).toBe('default_app_settings')
})

test('REDIS_CACHE_TTL is the life of the domain default, and of no other', () => {
  const lives = [...productsCatalog(120_000).compiled.values()].filter(
    ({ rules, name }) => rules.ttlMs !== catalog.compiled.get(name)?.rules.ttlMs,
  )
  expect(lives.map(({ name, rules }) => [name, rules.ttlMs])).toEqual([
    ['appSettings', 120_000],
    ['defaultValue', 120_000],
  ])
})

const units = [
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1_000, 's'],
] as const

function lifeOf(ms: number): string {
  const [unitMs, unit] = units.find(([unitMs]) => ms % unitMs === 0) ?? [1, 'ms']
  return `${ms / unitMs} ${unit}`
}
