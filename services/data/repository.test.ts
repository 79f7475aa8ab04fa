import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { recordedDataFolder, repositoryRoot } from './repository.ts'

test('finds the recorded files from the folder of the sources', () => {
  expect(existsSync(join(recordedDataFolder(), 'quotes-2026-07-10-selected.csv.gz'))).toBe(true)
  expect(existsSync(join(recordedDataFolder(), 'orderbook-markets.csv.gz'))).toBe(true)
})

test('finds the same root from the folder of the compiled services', () => {
  const compiled = join(repositoryRoot(), '.build', 'services', 'upstream', 'main.js')

  expect(repositoryRoot(pathToFileURL(compiled).href)).toBe(repositoryRoot())
})

test('names the place when no package is above it', () => {
  expect(() => repositoryRoot('file:///nowhere/at/all.js')).toThrow('/nowhere/at/all.js')
})
