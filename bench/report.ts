/** What a run leaves behind for machines to read: `results/latest.json`. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import type { ContestResult } from './contest-run.ts'
import type { StudyResult } from './study.ts'

/** Raised when a field changes its meaning. */
const schemaVersion = 1

export interface Report {
  readonly mode: 'full' | 'quick'
  readonly redis: string | undefined
  readonly scenarios: readonly ScenarioResult[]
  readonly studies: readonly StudyResult[]
}

export interface ScenarioResult {
  readonly name: string
  readonly contests: readonly ContestResult[]
}

/** Replaces the report of the run before; returns its path. */
export function writeReport(root: string, report: Report): string {
  const folder = join(root, 'bench', 'results')
  const path = join(folder, 'latest.json')
  const { mode, redis = null, scenarios, studies } = report
  const machine = machineHere()
  const text = JSON.stringify(
    { schemaVersion, mode, machine, versions: versionsIn(root), redis, scenarios, studies },
    roundedNumber,
    2,
  )
  mkdirSync(folder, { recursive: true })
  writeFileSync(`${path}.tmp`, `${text}\n`)
  renameSync(`${path}.tmp`, path)
  return path
}

export function versionsIn(root: string): Readonly<Record<string, string>> {
  const peers = join(root, 'bench', 'peers', 'node_modules')
  return {
    node: process.version,
    staleproof: versionAt(root),
    ioredis: versionAt(join(root, 'node_modules', 'ioredis')),
    'lru-cache': versionAt(join(peers, 'lru-cache')),
    bentocache: versionAt(join(peers, 'bentocache')),
    cacheable: versionAt(join(peers, 'cacheable')),
    'layered-loader': versionAt(join(peers, 'layered-loader')),
    redis: versionAt(join(peers, 'redis')),
    'ioredis of the peers': versionAt(join(peers, 'ioredis')),
  }
}

function machineHere(): object {
  const [first] = cpus()
  return {
    cpu: first?.model ?? 'unknown',
    cores: cpus().length,
    memoryBytes: totalmem(),
    system: `${process.platform} ${process.arch}`,
  }
}

function versionAt(folder: string): string {
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  return String(version)
}

/** Digits beyond the fifth are noise. */
function roundedNumber(_key: string, value: unknown): unknown {
  const isFraction = typeof value === 'number' && !Number.isInteger(value)
  return isFraction ? Number(value.toPrecision(5)) : value
}
