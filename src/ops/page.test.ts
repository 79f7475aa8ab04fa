import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { pageFile } from './page.ts'

let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'page-'))
  await mkdir(join(folder, 'assets'))
  await writeFile(join(folder, 'index.html'), '<!doctype html>')
  await writeFile(join(folder, 'assets', 'index-Ab3_x9-Q.js'), 'export {}')
  await writeFile(join(folder, '..', 'outside.json'), '{}')
})
afterAll(async () => {
  await rm(join(folder, '..', 'outside.json'))
  await rm(folder, { recursive: true })
})

test('the page itself is never kept, what it loads for ever', async () => {
  const index = await pageFile(folder, '')
  expect(index?.headers.get('cache-control')).toBe('no-store')
  expect(index?.headers.get('content-type')).toBe('text/html; charset=utf-8')
  const script = await pageFile(folder, 'assets/index-Ab3_x9-Q.js')
  expect(script?.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  expect(script?.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
  expect(await script?.text()).toBe('export {}')
})

test.each([
  '../outside.json',
  '..%2foutside.json',
  'assets/../../outside.json',
  '/etc/passwd',
  'assets//etc/hosts.json',
  '.env.json',
  'assets',
  'assets/none.js',
  'assets/deep/index.js',
  'index.html\0.js',
])('there is no file %j', async (path) => {
  expect(await pageFile(folder, path)).toBeUndefined()
})
