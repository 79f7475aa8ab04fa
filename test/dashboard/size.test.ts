/** What a reader downloads: little, nothing inline, and nothing from elsewhere. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BuiltPage, buildPage } from './built-page.ts'

const firstScriptsMax = 45 * 1024
const allMax = 120 * 1024

let built: BuiltPage
beforeAll(async () => {
  built = await buildPage()
})
afterAll(() => built.remove())

test('the scripts of the first view are at most 45 KB, everything at most 120 KB', () => {
  const page = read('index.html')
  const first = [...page.matchAll(/(?:src|href)="\.\/([^"]+\.js)"/g)].map(([, path = '']) => path)
  expect(first.length).toBeGreaterThan(1)
  expect(sum(first)).toBeLessThanOrEqual(firstScriptsMax)
  expect(sum(files())).toBeLessThanOrEqual(allMax)
})

test('charts are not among the scripts of the first view', () => {
  const page = read('index.html')
  const plot = files().find((path) => /plot-.*\.js$/.test(path))
  expect(plot).toBeDefined()
  expect(page).not.toContain(plot)
})

test('every file but the page is named by its content, and every address is relative', () => {
  const page = read('index.html')
  const addresses = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address)
  for (const address of addresses) expect(address).toMatch(/^\.\/assets\/[\w-]+-[\w-]{8}\.\w+$/)
  for (const path of files()) expect(path).toMatch(/^(index\.html|assets\/[\w-]+-[\w-]{8}\.\w+)$/)
})

test('nothing is inline, and nothing is fetched from elsewhere', () => {
  const page = read('index.html')
  expect(page).not.toMatch(/<style|<script(?![^>]*\bsrc=)|\son\w+=|style="/)
  for (const path of files()) {
    const text = read(path).replaceAll('http://www.w3.org/', '')
    expect(text, path).not.toMatch(/["'`(](https?:)?\/\/[\w.-]+\.\w/)
    expect(text, path).not.toMatch(/\beval\(|new Function\(/)
  }
})

function files(): readonly string[] {
  const assets = readdirSync(join(built.folder, 'assets')).map((name) => `assets/${name}`)
  return ['index.html', ...assets]
}

function read(path: string): string {
  return readFileSync(join(built.folder, path), 'utf8')
}

function sum(paths: readonly string[]): number {
  return paths.reduce((bytes, path) => bytes + gzipSync(read(path)).length, 0)
}
