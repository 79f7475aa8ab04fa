/** Runs one named test of a copy in a process of its own. */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import type { CoverageEdit } from './edit.ts'

/** `broken`: it was not run at all, because its file could not be loaded. */
export type TestOutcome = 'passed' | 'failed' | 'broken'

const report = z.object({
  testResults: z.array(
    z.object({ assertionResults: z.array(z.object({ title: z.string(), status: z.string() })) }),
  ),
})
/** A test that an edit makes wait for ever ends by its own time limit before. */
const deadlineMs = 240_000

export async function outcomeOf(
  folder: string,
  { file, test }: CoverageEdit['caught'],
): Promise<TestOutcome> {
  const reports = mkdtempSync(join(tmpdir(), 'staleproof-prove-'))
  const output = join(reports, 'report.json')
  const project = file.startsWith('src/') ? 'unit' : 'system'
  const wanted = titlePattern(test)
  try {
    await vitest(folder, [
      ...['run', '--project', project, file, '-t', wanted],
      ...['--reporter', 'json', '--outputFile', output],
    ])
    return outcomeIn(output, new RegExp(`^${wanted}$`))
  } finally {
    rmSync(reports, { recursive: true })
  }
}

function outcomeIn(output: string, title: RegExp): TestOutcome {
  try {
    const { testResults } = report.parse(JSON.parse(readFileSync(output, 'utf8')))
    const all = testResults.flatMap(({ assertionResults }) => assertionResults)
    const statuses = all.filter((one) => title.test(one.title)).map(({ status }) => status)
    if (statuses.includes('failed')) return 'failed'
    return statuses.includes('passed') ? 'passed' : 'broken'
  } catch (error) {
    // Ended before it could report.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 'broken'
    throw error
  }
}

/** Names with places (`%s`) stand for every title that fits. */
export function titlePattern(test: string): string {
  const literal = test.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return literal.replace(/%[a-z]/g, '.*')
}

function vitest(folder: string, words: readonly string[]): Promise<void> {
  const main = join(folder, 'node_modules', 'vitest', 'vitest.mjs')
  const child = spawn(process.execPath, [main, ...words], {
    cwd: folder,
    stdio: 'ignore',
    timeout: deadlineMs,
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', () => resolve())
  })
}
