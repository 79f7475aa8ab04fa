/**
 * The record of what one launcher has started: a small file, rewritten at each change, that
 * outlives a launcher which was killed. The next launcher reads the records of dead ones, ends
 * the processes that they left and removes their temporary folders. A process is recognised by
 * id and start time together, so that a reused id is never signalled.
 */
import { randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { processIdentity, sendSignal } from './process-identity.ts'

interface RecordedProcess {
  readonly name: string
  readonly pid: number
  readonly identity: string
  readonly stopSignal: NodeJS.Signals
}
interface Run {
  readonly owner: { readonly pid: number; readonly identity: string }
  processes: RecordedProcess[]
  folders: string[]
}

/** What a temporary folder of ours is called; nothing else is ever removed. */
export const temporaryPrefix = 'staleproof-'
const fileName = /^run-\d+-[0-9a-f]+\.json$/
const stopStepMs = 5_000

export class RunRecord {
  readonly #path: string
  readonly #run: Run

  /** Opens the record of this process in `folder`, which is created when missing. */
  constructor(folder: string) {
    mkdirSync(folder, { recursive: true })
    this.#path = join(folder, `run-${process.pid}-${randomBytes(4).toString('hex')}.json`)
    const identity = processIdentity(process.pid) ?? ''
    this.#run = { owner: { pid: process.pid, identity }, processes: [], folders: [] }
    this.#write()
  }

  addProcess(name: string, pid: number, stopSignal: NodeJS.Signals): void {
    const identity = processIdentity(pid)
    if (identity === undefined) return
    this.#run.processes.push({ name, pid, identity, stopSignal })
    this.#write()
  }

  removeProcess(pid: number): void {
    this.#run.processes = this.#run.processes.filter((entry) => entry.pid !== pid)
    this.#write()
  }

  addFolder(folder: string): void {
    this.#run.folders.push(folder)
    this.#write()
  }

  /** Removes the folder from the disk and from the record. */
  removeFolder(folder: string): void {
    removeTemporary(folder)
    this.#run.folders = this.#run.folders.filter((entry) => entry !== folder)
    this.#write()
  }

  /** Kills whatever is still recorded, at once; for the second Ctrl-C. */
  endHard(): void {
    for (const entry of this.#run.processes) {
      if (processIdentity(entry.pid) === entry.identity) sendSignal(entry.pid, 'SIGKILL')
    }
    this.close()
  }

  /** Forgets the run; folders that are still recorded are removed. */
  close(): void {
    for (const folder of this.#run.folders) removeTemporary(folder)
    rmSync(this.#path, { force: true })
  }

  #write(): void {
    const draft = `${this.#path}.new`
    writeFileSync(draft, JSON.stringify(this.#run))
    renameSync(draft, this.#path)
  }
}

/** Ends what dead launchers left behind; returns a line for each thing that was ended. */
export async function cleanDeadRuns(folder: string): Promise<string[]> {
  const ended: string[] = []
  for (const [path, run] of readRuns(folder)) {
    if (run !== undefined && isAlive(run)) continue
    for (const entry of run?.processes ?? []) {
      const isEnded = await endProcess(entry)
      if (isEnded) ended.push(`${entry.name} (process ${entry.pid}) of a launcher that was killed`)
    }
    for (const temporary of run?.folders ?? []) removeTemporary(temporary)
    rmSync(path, { force: true })
  }
  return ended
}

/** The id of the living launcher that has started the process `pid`, if there is one. */
export function livingOwnerOf(folder: string, pid: number): number | undefined {
  for (const [, run] of readRuns(folder)) {
    const isListed = run?.processes.some((entry) => entry.pid === pid) ?? false
    if (run !== undefined && isListed && isAlive(run)) return run.owner.pid
  }
  return undefined
}

/** Ends a process that is not our child: its stop signal, then SIGKILL. False: it was not there. */
export async function endProcess(entry: Omit<RecordedProcess, 'name'>): Promise<boolean> {
  if (processIdentity(entry.pid) !== entry.identity) return false
  for (const signal of [entry.stopSignal, 'SIGKILL'] as const) {
    sendSignal(entry.pid, signal)
    sendSignal(entry.pid, 'SIGCONT')
    for (let waitedMs = 0; waitedMs < stopStepMs; waitedMs += 20) {
      if (processIdentity(entry.pid) !== entry.identity) return true
      await wait(20)
    }
  }
  throw new Error(`process ${entry.pid} does not end, not even by SIGKILL; end it by hand`)
}

function readRuns(folder: string): [path: string, run: Run | undefined][] {
  mkdirSync(folder, { recursive: true })
  const names = readdirSync(folder).filter((name) => fileName.test(name))
  return names.map((name) => [join(folder, name), readRun(join(folder, name))])
}

function readRun(path: string): Run | undefined {
  try {
    const content: unknown = JSON.parse(readFileSync(path, 'utf8'))
    return isRun(content) ? content : undefined
  } catch {
    return undefined
  }
}

function isRun(content: unknown): content is Run {
  if (typeof content !== 'object' || content === null) return false
  if (!('owner' in content && 'processes' in content && 'folders' in content)) return false
  return Array.isArray(content.processes) && Array.isArray(content.folders)
}

function isAlive(run: Run): boolean {
  return processIdentity(run.owner.pid) === run.owner.identity
}

function removeTemporary(folder: string): void {
  const isOurs = basename(folder).startsWith(temporaryPrefix) && dirname(folder) === tmpdir()
  if (isOurs) rmSync(folder, { recursive: true, force: true })
}
