import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, expect, test } from 'vitest'
import { recordedDataFolder } from '../data/repository.ts'
import { LINE_LENGTH_MAX } from './lines.ts'
import { listingOf } from './listing.ts'
import { readRecording } from './recording.ts'

const folders: string[] = []

async function folderWith(files: Readonly<Record<string, string | Buffer>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'recording-'))
  folders.push(folder)
  for (const [file, content] of Object.entries(files)) await writeFile(join(folder, file), content)
  return folder
}

afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true })
})

test('reads the shipped recording, leaving out only quotes without any price', async () => {
  const recording = await readRecording(recordedDataFolder())

  expect(recording.counts).toEqual([
    { file: 'orderbook-markets.csv.gz', used: 4855, skipped: 0, reasons: {} },
    {
      file: 'quotes-2026-07-10-selected.csv.gz',
      used: 31_610,
      skipped: 743,
      reasons: { 'neither bid nor ask': 743 },
    },
  ])
  expect(listingOf(recording).markets).toHaveLength(347)
})

test('decodes lists inside strings and numbers inside strings', async () => {
  const row = {
    id: 517310,
    slug: 'will-it-rain',
    question: 'Will it rain?',
    outcomes: '["Yes", "No"]',
    outcomePrices: '["0.25", "0.75"]',
    clobTokenIds: '["11", "22"]',
    volume: '12.5',
  }
  const folder = await folderWith({ 'markets.jsonl': JSON.stringify(row) })

  const { rows } = await readRecording(folder)

  expect(rows[0]).toMatchObject({ id: '517310', outcomePrices: [0.25, 0.75], volume: 12.5 })
  expect(rows[0]?.clobTokenIds).toEqual(['11', '22'])
})

test('completes a row of older years instead of refusing it', async () => {
  const legacy = { id: '12', question: 'Old?', outcomes: 'Yes/No', liquidity: null, closed: true }
  const folder = await folderWith({ 'markets.jsonl': JSON.stringify(legacy) })

  const { markets } = listingOf(await readRecording(folder))

  expect(markets[0]).toMatchObject({ id: '12', slug: 'market-12', outcomes: ['Yes', 'No'] })
  expect(markets[0]?.conditionId).toMatch(/^0x[0-9a-f]{64}$/)
  expect(markets[0]?.tokenIds[0]).toMatch(/^\d{60,80}$/)
})

test('counts by reason what it cannot use and goes on', async () => {
  const good = { id: '1', slug: 'a', question: 'A?' }
  const folder = await folderWith({
    'markets.jsonl': [
      JSON.stringify(good),
      '{"id":"2"}',
      '{broken',
      '[]',
      'x'.repeat(LINE_LENGTH_MAX + 1),
    ].join('\n'),
    'quotes.csv': [
      'ts,slug,bid,ask,mid,spread,volume24hr',
      '2026-07-10T20:25:46Z,a,0.1,0.2,0.15,0.1,10',
      '2026-07-10T20:25:46Z,a,1.5,0.2,,,10',
      'yesterday,a,0.1,0.2,,,10',
      '2026-07-10T20:25:46Z,a,0.3,0.2,,,10',
      'too,short',
    ].join('\n'),
    'other.csv': 'x,y\n1,2\n',
    'notes.txt': 'not read',
  })

  const { counts } = await readRecording(folder)

  expect(counts).toEqual([
    {
      file: 'markets.jsonl',
      used: 1,
      skipped: 4,
      reasons: { 'invalid row': 2, 'not JSON, or too long': 2 },
    },
    { file: 'other.csv', used: 0, skipped: 1, reasons: { 'unknown columns': 1 } },
    {
      file: 'quotes.csv',
      used: 1,
      skipped: 4,
      reasons: {
        'invalid bid': 1,
        'invalid ts': 1,
        'bid above ask': 1,
        'does not fit the header': 1,
      },
    },
  ])
})

test('keeps what came before a broken gzip file broke off', async () => {
  const lines = Array.from({ length: 2_000 }, (_, index) => `{"id":"${index}","slug":"s${index}"}`)
  const whole = gzipSync(lines.join('\n'))
  const folder = await folderWith({ 'markets.jsonl.gz': whole.subarray(0, whole.length - 200) })

  const { counts } = await readRecording(folder)

  expect(Object.keys(counts[0]?.reasons ?? {}).join()).toContain('file broke off')
})

test('lists a market once when files name it twice', async () => {
  const row = JSON.stringify({ id: '1', slug: 'a', question: 'A?' })
  const folder = await folderWith({ 'a.jsonl': row, 'b.jsonl': row })

  expect(listingOf(await readRecording(folder))).toMatchObject({ duplicates: 1 })
})

test('derives the same identity for a slug every time', async () => {
  const first = listingOf(await readRecording(recordedDataFolder())).markets
  const second = listingOf(await readRecording(recordedDataFolder())).markets

  expect(second).toEqual(first)
  expect(new Set(first.map(({ id }) => id)).size).toBe(first.length)
  // Pinned: databases and screenshots refer to these ids.
  expect(first.find(({ slug }) => slug === 'tsc-mlb-nyy-wsh-2026-07-10-10pt5')).toMatchObject({
    id: '7495987',
    conditionId: '0x44f3818629104db91b6c4c707828d1aa6b9eb107c31880211f541fbfbb723a97',
    event: { id: '931851', slug: 'mlb-nyy-wsh-2026-07-10' },
  })
})
