import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { processCommand, processIdentity } from './process-identity.ts'
import { cleanDeadRuns, livingOwnerOf, RunRecord } from './run-record.ts'

let folder: string
let child: ChildProcess

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'staleproof-record-'))
  child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
})
afterEach(() => {
  child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

/** Rewrites the record as if a launcher that has ended had written it. */
function killLauncher(change: (text: string) => string = (text) => text): void {
  const [name] = readdirSync(folder)
  const path = join(folder, String(name))
  const identity = JSON.stringify(processIdentity(process.pid))
  writeFileSync(path, change(readFileSync(path, 'utf8').replace(identity, '"gone"')))
}

it('ends what a dead launcher left, stopped processes too, and removes its folders', async () => {
  const temporary = mkdtempSync(join(tmpdir(), 'staleproof-left-'))
  const record = new RunRecord(folder)
  record.addProcess('redis', Number(child.pid), 'SIGTERM')
  record.addFolder(temporary)
  child.kill('SIGSTOP')
  killLauncher()
  expect(await cleanDeadRuns(folder)).toHaveLength(1)
  expect(processIdentity(Number(child.pid))).toBeUndefined()
  expect([existsSync(temporary), readdirSync(folder)]).toEqual([false, []])
})

it('leaves the processes of a living launcher alone and knows their owner', async () => {
  const record = new RunRecord(folder)
  record.addProcess('postgres', Number(child.pid), 'SIGINT')
  expect(await cleanDeadRuns(folder)).toEqual([])
  expect(processIdentity(Number(child.pid))).toBeDefined()
  expect(livingOwnerOf(folder, Number(child.pid))).toBe(process.pid)
  record.close()
})

it('leaves a process alone that only has the same id', async () => {
  const record = new RunRecord(folder)
  record.addProcess('redis', Number(child.pid), 'SIGTERM')
  const identity = JSON.stringify(processIdentity(Number(child.pid)))
  killLauncher((text) => text.replace(identity, '"an earlier process"'))
  expect(await cleanDeadRuns(folder)).toEqual([])
  expect(processIdentity(Number(child.pid))).toBeDefined()
})

it('never removes a folder that is not a temporary one of ours', async () => {
  const record = new RunRecord(folder)
  const precious = join(folder, 'precious')
  record.addFolder(precious)
  killLauncher()
  writeFileSync(precious, '')
  await cleanDeadRuns(folder)
  expect(existsSync(precious)).toBe(true)
})

it('tells what a process runs, and that there is none of an id', () => {
  expect(processCommand(Number(child.pid))).toContain('setInterval')
  expect(processIdentity(2 ** 30)).toBeUndefined()
})
