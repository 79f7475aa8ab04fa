/**
 * What runs leave behind: `results/latest.json` for machines, `results/index.html` for
 * people. A run replaces what it measured and keeps the rest, if that was measured on the
 * same machine with the same versions; every scenario says when and how it was measured.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { ContestResult } from './contest-result.ts'
import type { Failure } from './failure.ts'
import { pageOf } from './page/page.ts'
import type { StudyResult } from './study.ts'

/** Raised when a field changes its meaning. */
const schemaVersion = 2

/** One scenario, contest or study. */
export interface Measured {
  readonly name: string
  /** ISO 8601. */
  readonly measuredAt: string
  readonly mode: 'full' | 'quick'
  readonly contests: readonly ContestResult[]
  readonly study?: StudyResult
  /** Of what could not be measured at all. */
  readonly failures: readonly Failure[]
}

export interface Machine {
  readonly cpu: string
  readonly cores: number
  readonly memoryBytes: number
  readonly system: string
}

export interface Setting {
  readonly machine: Machine
  readonly versions: Readonly<Record<string, string>>
}

export interface Report extends Setting {
  readonly schemaVersion: number
  readonly measured: readonly Measured[]
}

/** `names` are all scenarios, in their order. */
export function writeReport(
  root: string,
  now: Setting & Pick<Report, 'measured'>,
  names: readonly string[],
): void {
  const folder = join(root, 'bench', 'results')
  const path = join(folder, 'latest.json')
  const report = mergedReport(readReport(path), { schemaVersion, ...now }, names)
  mkdirSync(folder, { recursive: true })
  replaceFile(path, `${JSON.stringify(report, roundedNumber, 2)}\n`)
  replaceFile(join(folder, 'index.html'), pageOf(report))
}

export function mergedReport(
  before: Report | undefined,
  now: Report,
  names: readonly string[],
): Report {
  const isComparable =
    before?.schemaVersion === now.schemaVersion &&
    isDeepStrictEqual(before.machine, now.machine) &&
    isDeepStrictEqual(before.versions, now.versions)
  const kept = isComparable ? before.measured : []
  const byName = new Map([...kept, ...now.measured].map((one) => [one.name, one]))
  return { ...now, measured: names.flatMap((name) => byName.get(name) ?? []) }
}

export function settingHere(root: string, redis: string | undefined): Setting {
  const [first] = cpus()
  const machine = {
    cpu: first?.model ?? 'unknown',
    cores: cpus().length,
    memoryBytes: totalmem(),
    system: `${process.platform} ${process.arch}`,
  }
  return { machine, versions: { ...versionsIn(root), server: redis ?? 'none' } }
}

const peerPackages = [
  'bentocache',
  'cacheable',
  'cache-manager',
  'keyv',
  '@keyv/redis',
  '@qified/redis',
  'layered-loader',
  'async-cache-dedupe',
  '@epic-web/cachified',
  'redis',
  'lru-cache',
]

function versionsIn(root: string): Readonly<Record<string, string>> {
  const peers = join(root, 'bench', 'peers', 'node_modules')
  const ofPeers = peerPackages.map((name) => [name, versionAt(join(peers, name))])
  return {
    node: process.version,
    staleproof: versionAt(root),
    ioredis: versionAt(join(root, 'node_modules', 'ioredis')),
    'ioredis of the peers': versionAt(join(peers, 'ioredis')),
    ...Object.fromEntries(ofPeers),
  }
}

function versionAt(folder: string): string {
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  return String(version)
}

/** Undefined: there is none that can be read, so there is nothing to keep. */
function readReport(path: string): Report | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}

function replaceFile(path: string, text: string): void {
  writeFileSync(`${path}.tmp`, text)
  renameSync(`${path}.tmp`, path)
}

/** Digits beyond the fifth are noise. */
function roundedNumber(_key: string, value: unknown): unknown {
  const isFraction = typeof value === 'number' && !Number.isInteger(value)
  return isFraction ? Number(value.toPrecision(5)) : value
}
