/** The last line of `.ci/run` counts everything once and hides no failure. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { checkout } from './source-files.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'staleproof-summary-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('the summary', () => {
  test('adds tests and checks of the tour', () => {
    report({ 'a.test.ts': ['passed', 'passed', 'pending'] }, 'a table\ntour: 12 passed, 0 failed\n')
    expect(summary()).toEqual({ line: '14 passed, 0 failed, 1 skipped', status: 0 })
  })

  test('counts a failed test once, not its step too', () => {
    report({ 'a.test.ts': ['passed', 'failed'] }, 'tour: 3 passed, 1 failed\n')
    const steps = ['npm test', 'npm start -- --tour']
    expect(summary(...steps)).toEqual({ line: '4 passed, 2 failed, 0 skipped', status: 1 })
  })

  test('counts a step that failed by itself', () => {
    report({ 'a.test.ts': ['passed'] }, 'tour: 1 passed, 0 failed\n')
    expect(summary('npm run lint')).toEqual({ line: '2 passed, 1 failed, 0 skipped', status: 1 })
    expect(summary('npm test')).toEqual({ line: '2 passed, 1 failed, 0 skipped', status: 1 })
    const tour = summary('npm start -- --tour')
    expect(tour).toEqual({ line: '2 passed, 1 failed, 0 skipped', status: 1 })
  })

  test('counts a file of tests that could not be loaded', () => {
    report({ 'a.test.ts': ['passed'], 'b.test.ts': [] }, 'tour: 1 passed, 0 failed\n')
    expect(summary('npm test').line).toBe('2 passed, 1 failed, 0 skipped')
  })

  test('fails where a report is missing', () => {
    expect(summary()).toEqual({ line: '0 passed, 2 failed, 0 skipped', status: 1 })
    report({ 'a.test.ts': ['passed'] }, 'a tour that said nothing at its end')
    expect(summary()).toEqual({ line: '1 passed, 1 failed, 0 skipped', status: 1 })
  })

  test('counts an install that failed', () => {
    expect(summary('npm ci')).toEqual({ line: '0 passed, 1 failed, 0 skipped', status: 1 })
  })
})

/** Files of tests with the status of each test; a file without tests could not be loaded. */
function report(files: Readonly<Record<string, readonly string[]>>, tour: string): void {
  const testResults = Object.entries(files).map(([name, statuses]) => ({
    name: join(checkout, name),
    message: '',
    status: statuses.length === 0 || statuses.includes('failed') ? 'failed' : 'passed',
    assertionResults: statuses.map((status) => ({ status, fullName: status })),
  }))
  writeFileSync(join(folder, 'tests.json'), JSON.stringify({ testResults }))
  writeFileSync(join(folder, 'tour.log'), tour)
}

function summary(...failedSteps: readonly string[]): { line: string; status: number | null } {
  const script = join(checkout, 'scripts', 'summary.mjs')
  const run = spawnSync(process.execPath, [script, folder, ...failedSteps], { encoding: 'utf8' })
  return { line: run.stdout.trim().split('\n').at(-1) ?? '', status: run.status }
}
