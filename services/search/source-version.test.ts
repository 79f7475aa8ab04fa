import { appendFile, cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sourceVersion } from './source-version.ts'

const here = new URL('.', import.meta.url)
let copy: string
const versionOfCopy = () => sourceVersion(pathToFileURL(`${copy}/`))

beforeEach(async () => {
  copy = await mkdtemp(join(tmpdir(), 'ranking-'))
  await cp(here, copy, { recursive: true })
})
afterEach(() => rm(copy, { recursive: true, force: true }))

test('the same code has the same version, wherever it lies', () => {
  expect(versionOfCopy()).toBe(sourceVersion(here))
})

test.each(['rank.ts', 'words.ts', 'trigrams.ts', 'canonical-query.ts', 'magnitude.ts'])(
  'a change in %s is another version',
  async (file) => {
    await appendFile(join(copy, file), '\nexport const weight = 2\n')
    expect(versionOfCopy()).not.toBe(sourceVersion(here))
  },
)

test('tests and maps are no part of it', async () => {
  await writeFile(join(copy, 'rank.test.ts'), 'changed')
  await writeFile(join(copy, 'rank.js.map'), 'changed')
  expect(versionOfCopy()).toBe(sourceVersion(here))
})

test('what ranks imports nothing that is not part of the version', async () => {
  const files = (await readdir(here)).filter((file) => /^[^.]+\.ts$/.test(file))
  const texts = await Promise.all(files.map((file) => readFile(new URL(file, here), 'utf8')))
  const imports = texts.flatMap((text) => text.match(/^import (?!type )[^']*'[^']+'/gm) ?? [])
  const outside = imports.filter((line) => !/'(\.\/|node:)/.test(line))
  expect(outside).toEqual([])
})
