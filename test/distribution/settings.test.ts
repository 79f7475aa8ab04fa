/** `docs/reference-system/settings.md` lists every setting, as the services check it. */
import { beforeAll, expect, test } from 'vitest'
import { readCheckout } from '../tidy/source-files.ts'
import { type Setting, settingSchemas, settingsOf } from './settings.ts'

let settings: readonly Setting[]

beforeAll(async () => {
  settings = settingsOf(await settingSchemas())
})

test('every setting of every service stands in the table with its default and bounds', () => {
  const written = rowsUnder('## Services').map(([name, services, fallback, bounds]) =>
    [name, services, fallback, bounds].join(' | '),
  )
  expect(written).toEqual(settings.map(rowOf))
})

test('every setting says what it means', () => {
  const silent = rowsUnder('## Services').filter(([, , , , meaning]) => (meaning ?? '').length < 10)
  expect(silent).toEqual([])
})

test('what the launcher takes stands in its table', () => {
  const code = readCheckout('services/launcher/environment.ts')
  const taken = [...code.matchAll(/\benvironment\.([A-Z][A-Z_]+)/g)].map(([, name = '']) => name)
  const written = rowsUnder('## Launcher').map(([name]) => name)
  expect(written).toEqual([...new Set(taken)].sort().map((name) => `\`${name}\``))
})

function rowOf({ name, services, fallback, isOptional, bounds }: Setting): string {
  const shownFallback = fallback ?? (isOptional ? 'absent' : 'required')
  const cells = [
    `\`${name}\``,
    services.join(', '),
    fallback === undefined ? shownFallback : `\`${fallback}\``,
  ]
  return [...cells, bounds === '' ? '–' : bounds].join(' | ')
}

function rowsUnder(heading: string): string[][] {
  const page = readCheckout('docs/reference-system/settings.md')
  const section = page.split(`${heading}\n`)[1]?.split('\n## ')[0] ?? ''
  return section
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .slice(1, -1)
        .split(' | ')
        .map((cell) => cell.trim()),
    )
}
