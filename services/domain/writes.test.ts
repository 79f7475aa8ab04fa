import { readFile } from 'node:fs/promises'
import { openCache } from 'staleproof'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { changedKeys } from '../process/announce.ts'
import { writtenFamilies } from '../process/clean-start.ts'
import { catalog } from './catalog.ts'
import type { PolycoolCache, Write } from './writes.ts'
import * as declared from './writes.ts'

let cache: PolycoolCache

beforeAll(async () => {
  cache = await openCache(catalog, { service: 'test' })
})
afterAll(() => cache.close())

const position = { userId: 1, positionId: 91, telegramId: 7001, marketId: '11' }
const market = {
  id: '11',
  isNew: true,
  conditionId: '0x1',
  tokenIds: ['111', '112'],
  changesSearch: true,
  isRenamed: true,
  opensOrCloses: true,
  groupIds: ['901'],
}
const quote = { marketId: '11', bid: 0.4, ask: 0.5, seq: 7, quotedAt: '2026-07-10T20:25:46.000Z' }

function keysOf<Change>(write: Write<Change>, change: Change): string[] {
  return changedKeys(cache, write, change).map((key) => key.text)
}

test('a position of user 1 touches their keys and no key of user 10', () => {
  const keys = ['api:positions:1', 'api:position:91', 'api:user:7001', 'api:user_stats:7001']
  expect(keysOf(declared.positionCreated, position)).toEqual(keys)
  expect(keysOf(declared.positionClosed, position)).toEqual(keys)
  expect(keysOf(declared.positionLimitsChanged, position)).toEqual(keys.slice(0, 2))
})

test('a batch of prices touches each user once', () => {
  const changes = [
    { userId: 1, positionId: 91, telegramId: 7001 },
    { userId: 1, positionId: 92, telegramId: 7001 },
    { userId: 10, positionId: 93, telegramId: 7010 },
  ]
  expect(keysOf(declared.positionsRepriced, changes)).toEqual([
    'api:user_stats:7001',
    'api:user_stats:7010',
  ])
})

test('an import touches the market, what was remembered as unknown, and its group', () => {
  const keys = keysOf(declared.marketsImported, [market])
  expect(keys).toContain('market:11')
  expect(keys).toContain('market_by_condition:0x1')
  expect(keys).toContain('indexer:token:112')
  expect(keys).toContain('market_group:901')
  expect(keys).toContain('api:active_markets')
})

test('an import reaches every page of every list by one tag', () => {
  expect(declared.marketsImported.tags?.([market])).toContain('market_lists')
  expect(keysOf(declared.marketsImported, [market]).join()).not.toContain('api:markets:')
})

test('a market that was only traded is one key, and nothing that leads to it', () => {
  const same = { isNew: false, changesSearch: false, isRenamed: false, opensOrCloses: false }
  const traded = { ...market, ...same, groupIds: [] }
  expect(keysOf(declared.marketsImported, [traded])).toEqual(['market:11'])
})

test('an import that changes no text, state or magnitude leaves searches alone', () => {
  const traded = { ...market, changesSearch: false }
  expect(declared.marketsImported.tags?.([market, traded])).toContain('searchable')
  expect(declared.marketsImported.tags?.([traded])).not.toContain('searchable')
})

test('the table in the documentation is what the code does', async () => {
  const page = new URL('../../docs/reference-system/README.md', import.meta.url)
  const section = (await readFile(page, 'utf8')).split('## Writes')[1]?.split('\n## ')[0] ?? ''
  const documented = section.split('\n').filter((line) => line.startsWith('| `'))
  expect(documented).toEqual(
    shownWrites().map(({ service, reason, tables, shows }) => {
      const cells = [[reason], [service], tables, shows]
      return `| ${cells.map(code).join(' | ')} |`
    }),
  )
  expect(documented).toHaveLength(Object.keys(declared).length)
})

test('a service that starts clears every family that it writes, and no other', () => {
  const tagged = {
    market_lists: ['marketList', 'marketGroups'],
    searchable: ['searchable', 'search'],
  }
  const families = (name: string) =>
    Object.entries(tagged).find(([tag]) => name === `tag:${tag}`)?.[1] ?? [name]
  for (const [service, cleared] of Object.entries(writtenFamilies)) {
    const writes = shownWrites().filter((write) => write.service === service)
    const written = new Set(writes.flatMap(({ shows }) => shows.flatMap(families)))
    expect(cleared.toSorted()).toEqual([...written].toSorted())
  }
})

function code(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ')
}

interface ShownWrite extends Pick<Write<never>, 'reason' | 'service' | 'tables'> {
  /** Families, and tags as `tag:…`. */
  readonly shows: readonly string[]
}

function shownWrites(): ShownWrite[] {
  return [
    shown(declared.userSaved, { telegramId: 1 }),
    shown(declared.positionCreated, position),
    shown(declared.positionLimitsChanged, position),
    shown(declared.positionClosed, position),
    shown(declared.positionsSynced, [position]),
    shown(declared.positionsRepriced, [position]),
    shown(declared.pricesWritten, [quote]),
    shown(declared.marketsImported, [market]),
    shown(declared.watchedAddressesChanged, {}),
    shown(declared.leaderTradesWritten, {}),
  ]
}

function shown<Change>(write: Write<Change>, change: Change): ShownWrite {
  const families = changedKeys(cache, write, change).map((key) => key.family)
  const tags = write.tags?.(change) ?? []
  return { ...write, shows: [...new Set([...families, ...tags.map((tag) => `tag:${tag}`)])] }
}
