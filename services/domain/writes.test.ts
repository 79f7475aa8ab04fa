import { readFile } from 'node:fs/promises'
import { openCache } from 'staleproof'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { catalog } from './catalog.ts'
import type { PolycoolCache, Write } from './writes.ts'
import * as declared from './writes.ts'

let cache: PolycoolCache

beforeAll(async () => {
  cache = await openCache(catalog, { service: 'test' })
})
afterAll(() => cache.close())

const position = { userId: 1, positionId: 91, telegramId: 7001 }
const market = { id: '11', conditionId: '0x1', tokenIds: ['111', '112'] }

function keysOf<Change>(write: Write<Change>, change: Change): string[] {
  return write.keys(cache, change).map((key) => key.text)
}

test('a position of user 1 touches their keys and no key of user 10', () => {
  const keys = ['api:positions:1', 'api:position:91', 'api:user:7001']
  expect(keysOf(declared.positionCreated, position)).toEqual(keys)
  expect(keysOf(declared.positionClosed, position)).toEqual(keys)
  expect(keysOf(declared.positionLimitsChanged, position)).toEqual(keys.slice(0, 2))
})

test('a batch of prices touches each user once', () => {
  const changes = [
    { userId: 1, positionId: 91 },
    { userId: 1, positionId: 92 },
    { userId: 10, positionId: 93 },
  ]
  expect(keysOf(declared.positionsRepriced, changes)).toEqual([
    'api:positions:1',
    'api:positions:10',
    'api:position:91',
    'api:position:92',
    'api:position:93',
  ])
})

test('an import touches the market, what was remembered as unknown, and the lists', () => {
  const keys = keysOf(declared.marketsImported, [market])
  expect(keys).toContain('market:11')
  expect(keys).toContain('market_by_condition:0x1')
  expect(keys).toContain('indexer:token:112')
  expect(keys).toContain('api:markets:volume:8:0')
})

test('the table in the documentation is what the code does', async () => {
  const page = new URL('../../docs/reference-system/README.md', import.meta.url)
  const section = (await readFile(page, 'utf8')).split('## Writes')[1]?.split('\n## ')[0] ?? ''
  const documented = section.split('\n').filter((line) => line.startsWith('| `'))
  expect(documented).toEqual([
    row(declared.userSaved, { telegramId: 1 }),
    row(declared.positionCreated, position),
    row(declared.positionLimitsChanged, position),
    row(declared.positionClosed, position),
    row(declared.positionsSynced, [position]),
    row(declared.positionsRepriced, [position]),
    row(declared.pricesWritten, ['11']),
    row(declared.marketsImported, [market]),
    row(declared.watchedAddressesChanged, {}),
    row(declared.leaderTradesWritten, {}),
  ])
  expect(documented).toHaveLength(Object.keys(declared).length)
})

function row<Change>(write: Write<Change>, change: Change): string {
  const families = new Set(write.keys(cache, change).map((key) => key.family))
  const code = (names: Iterable<string>) => [...names].map((name) => `\`${name}\``).join(', ')
  const cells = [[write.reason], [write.service], write.tables, families].map(code)
  return `| ${cells.join(' | ')} |`
}
