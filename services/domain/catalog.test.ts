import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { sourceVersion } from '../search/source-version.ts'
import { catalog } from './catalog.ts'

const page = new URL('../../docs/reference-system/README.md', import.meta.url)

const units = [
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1_000, 's'],
] as const

function text(ms: number): string {
  const [unitMs, unit] = units.find(([unitMs]) => ms % unitMs === 0) ?? [1, 'ms']
  return `${ms / unitMs} ${unit}`
}

test('the table of keys and lives in the documentation is what the catalog declares', async () => {
  const section = (await readFile(page, 'utf8')).split('## Families')[1]?.split('\n## ')[0] ?? ''
  const documented = section
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .split('|')
        .slice(1, 4)
        .map((cell) => cell.trim())
        .join(' | '),
    )
  const declared = [...catalog.compiled.values()].map(({ name, template, rules }) => {
    const absence =
      rules.negativeTtlMs === undefined ? '' : `, absence ${text(rules.negativeTtlMs)}`
    const { activity } = rules.lives
    const traded = activity === undefined ? '' : `, ${text(activity.ttlMs)} after a trade`
    const key = template.text.replaceAll(':int}', '}')
    return `\`${name}\` | \`${key}\` | ${text(rules.ttlMs)}${traded}${absence}`
  })
  expect(documented).toEqual(declared)
})

test('what the source documents name lives as long as they say', () => {
  const lives = Object.fromEntries(
    [...catalog.compiled.values()].map(({ name, rules }) => [name, rules.ttlMs / 1_000]),
  )
  expect(lives).toMatchObject({
    price: 180,
    positions: 180,
    market: 300,
    marketList: 300,
    user: 3_600,
    smartTrades: 300,
    leaderboard: 3_600,
  })
})

test('prices and positions live shorter for a while after a trade', () => {
  for (const name of ['price', 'positions']) {
    const activity = catalog.compiled.get(name)?.rules.lives.activity
    expect(activity).toEqual({ ttlMs: 30_000, forMs: 600_000 })
  }
})

test('a condition leads to the id of a market and holds no second copy of it', () => {
  const schema = catalog.compiled.get('marketByCondition')?.rules.schema['~standard']
  expect(schema?.validate('517310')).toEqual({ value: '517310' })
  expect(schema?.validate({ id: '517310' })).toHaveProperty('issues')
})

test('what a search sees and finds has the version of the code that ranks', () => {
  const ranking = sourceVersion(new URL('../search/', import.meta.url))
  const versioned = [...catalog.compiled.values()].filter(({ rules }) =>
    rules.versionParts.includes(ranking),
  )
  expect(versioned.map(({ name }) => name)).toEqual(['searchable', 'search'])
})
