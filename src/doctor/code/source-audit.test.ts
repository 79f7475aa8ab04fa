import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { auditSource, faultsIn, faultsMax } from './source-audit.ts'
import { depthMax, fileBytesMax } from './source-files.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'staleproof-audit-'))
})

afterEach(() => rm(folder, { recursive: true }))

test('tells file, line and text of each fault, in the order of the files', async () => {
  await put('b.ts', '// first\n  await redis.flushall()\n')
  await put('a/prices.tsx', 'const view = <b>{await redis.keys("price:*")}</b>\n')

  const { faults, filesRead, faultsTotal } = await auditSource(folder)

  expect(filesRead).toBe(2)
  expect(faultsTotal).toBe(2)
  expect(faults.map(({ rule, file, line, text }) => [rule.name, file, line, text])).toEqual([
    ['keys-command', 'a/prices.tsx', 1, 'const view = <b>{await redis.keys("price:*")}</b>'],
    ['flush', 'b.ts', 2, 'await redis.flushall()'],
  ])
})

test('leaves alone what others wrote, tests, declarations, and links', async () => {
  for (const path of [
    'node_modules/a/index.js',
    'dist/a.js',
    '.git/a.ts',
    'test/a.ts',
    'a.test.ts',
    'a.d.ts',
    'a.min.js',
    'notes.md',
  ]) {
    await put(path, 'redis.flushall()')
  }
  await symlink(folder, join(folder, 'circle'))

  expect(await auditSource(folder)).toEqual({
    filesRead: 0,
    leftOut: [],
    faults: [],
    faultsTotal: 0,
  })
})

test('counts what it can not parse, what is too large and what lies too deep', async () => {
  await put('broken.ts', 'const = redis.flushall(')
  await put('large.js', ' '.repeat(fileBytesMax + 1))
  const deep = 'd/'.repeat(depthMax + 1)
  await put(`${deep}a.ts`, 'redis.flushall()')
  await put('whole.ts', 'redis.flushall()')

  const { filesRead, leftOut, faults } = await auditSource(folder)

  expect(filesRead).toBe(1)
  expect(faults).toHaveLength(1)
  expect(leftOut).toEqual([
    { path: 'broken.ts', why: 'not parsed' },
    { path: deep.slice(0, -1), why: 'too deep' },
    { path: 'large.js', why: 'too large' },
  ])
})

test('keeps a bounded number of faults and counts them all', async () => {
  await put('a.js', 'redis.flushall()\n'.repeat(faultsMax + 7))

  const { faults, faultsTotal } = await auditSource(folder)

  expect(faults).toHaveLength(faultsMax)
  expect(faultsTotal).toBe(faultsMax + 7)
})

test('a folder that is not there is an error of whoever named it', async () => {
  await expect(auditSource(join(folder, 'nowhere'))).rejects.toThrow('ENOENT')
})

test('an expression too deep for the parser is left out, and nothing is thrown', () => {
  const text = `redis.get(${"'a' + ".repeat(10_000)}id)`
  expect(faultsIn({ path: 'a.js', text })).toEqual({ path: 'a.js', why: 'not parsed' })
})

async function put(path: string, text: string): Promise<void> {
  const place = join(folder, path)
  await mkdir(dirname(place), { recursive: true })
  await writeFile(place, text)
}
