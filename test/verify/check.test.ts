/** `staleproof verify --check` judges a recorded history again, wherever it was recorded. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { HistoryRecord } from 'staleproof/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { runCommand } from './command.ts'

const base = { process: 'a', key: 'item:1' }
const write = (version: number, ms: number): HistoryRecord => ({
  ...base,
  ...{ kind: 'write', version, invokedMs: ms, returnedMs: ms },
})
const told = (invokedMs: number, ms: number): HistoryRecord => ({
  ...base,
  ...{ kind: 'invalidate', how: 'key', invokedMs, returnedMs: ms, resolvedMs: ms },
})
const read = (version: number, ms: number): HistoryRecord => ({
  ...base,
  ...{ kind: 'read', process: 'b', version, tier: 'redis', mode: 'bounded' },
  ...{ invokedMs: ms, returnedMs: ms + 1 },
})
const healthy = [write(1, 100), told(101, 110), write(2, 200), told(201, 210), read(2, 300)]

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'staleproof-check-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

function history(
  name: string,
  lines: readonly unknown[],
  promise = '{"kind":"promise","boundMs":600}',
): string {
  const file = join(folder, name)
  writeFileSync(file, [promise, ...lines.map((line) => JSON.stringify(line)), ''].join('\n'))
  return file
}

it('finds a healthy history coherent', async () => {
  const { code, stdout } = await runCommand('verify', '--check', history('healthy', healthy))
  expect(code).toBe(0)
  expect(stdout).toContain('COHERENT')
})

it('finds a broken history violated, with exit code 1, and tells what led to it', async () => {
  const file = history('broken', [...healthy, read(1, 400)])
  const { code, stdout } = await runCommand('verify', '--check', file)
  expect(code).toBe(1)
  expect(stdout).toContain('item:1: bound, expected at least 2, saw 1')
  expect(stdout).toContain('a wrote 2')
  expect(stdout).toContain('VIOLATED')
})

it('judges several files as one history', async () => {
  const first = history('first', healthy.slice(0, 2))
  const second = join(folder, 'second')
  const rest = [...healthy.slice(2), read(1, 400)]
  writeFileSync(second, rest.map((line) => JSON.stringify(line)).join('\n'))
  const { code } = await runCommand('verify', '--check', first, '--check', second)
  expect(code).toBe(1)
})

it('gives the verdict as one JSON document', async () => {
  const file = history('json', [...healthy, read(1, 400)])
  const { stdout, stderr } = await runCommand('verify', '--check', file, '--json')
  expect(stderr).toBe('')
  expect(JSON.parse(stdout)).toMatchObject({
    schemaVersion: 1,
    command: 'verify',
    verdict: 'violated',
    boundMs: 600,
    history: {
      violationCount: 1,
      violations: [{ rule: 'bound', key: 'item:1', process: 'b', version: 1, expected: 2 }],
      reads: { redis: 2 },
      stale: [{ tier: 'redis', within: 0, beyond: 1 }],
    },
  })
})

it('passes over the half line that a killed process leaves', async () => {
  const file = history('half', healthy)
  writeFileSync(file, '{"kind":"read","proc', { flag: 'a' })
  expect((await runCommand('verify', '--check', file)).code).toBe(0)
})

it.each([
  ['a line in the middle that is none', ['no record', ...healthy], undefined],
  ['a tier that does not exist', [{ ...read(1, 2), tier: 'disk' }], undefined],
  ['a file that promises nothing', healthy, '{"kind":"read"}'],
])('refuses %s with exit code 2', async (name, lines, promise) => {
  const file = history(name.replaceAll(' ', '-'), lines, promise)
  const { code, stderr } = await runCommand('verify', '--check', file)
  expect(code).toBe(2)
  expect(stderr).toContain('SP_HISTORY_INVALID')
})

it('refuses a file that is not there with exit code 2', async () => {
  const { code, stderr } = await runCommand('verify', '--check', join(folder, 'nowhere'))
  expect(code).toBe(2)
  expect(stderr).toContain('nowhere')
})
