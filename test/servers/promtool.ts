/** Rules as Prometheus itself judges them, with series and times that a test makes up. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe } from 'vitest'
import { temporaryPrefix } from '../../services/launcher/run-record.ts'
import { hasPromtool, howToGetPromtool } from './promtool-install.ts'

const deadlineMs = 60_000

/** `describe` where there is promtool; elsewhere its tests are reported as skipped. */
export const describeWithPromtool: ReturnType<typeof describe.skipIf> = visiblySkipped()

export interface Judged {
  readonly isGood: boolean
  readonly text: string
}

/** Runs it in a folder with these files, by name; some commands read `input`. */
export function promtool(
  args: readonly string[],
  files: Readonly<Record<string, string>>,
  input = '',
): Judged {
  const folder = mkdtempSync(join(tmpdir(), `${temporaryPrefix}promtool-`))
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
    const options = { cwd: folder, encoding: 'utf8', timeout: deadlineMs, input } as const
    const { status, stdout, stderr } = spawnSync('promtool', args, options)
    return { isGood: status === 0, text: `${stdout}${stderr}` }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function visiblySkipped(): ReturnType<typeof describe.skipIf> {
  const isMissing = !hasPromtool()
  if (isMissing) console.warn(`skipped: ${howToGetPromtool}`)
  return describe.skipIf(isMissing)
}
