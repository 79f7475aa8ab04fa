/** PLT01, PLT03, PLT06: breakers, memory and database of each process. */
import type { PoolFacts, ProcessFacts } from '../../../observe/index.ts'
import { type Check, crit, megabytes, rounded, type Verdict, warn } from '../../check.ts'

const minuteMs = 60_000
const transitionsPer10MinMax = 3
const residenceMsMin = 1_000
const evictionsMin = 100
const databaseConnectionsMax = 80
const databaseQueriesPerSMax = 200
const databaseP95MsMax = 500

const breakers: Check = {
  id: 'PLT01',
  group: 'platform',
  title: 'A breaker is open, or opens again and again',
  rule: 'State of each breaker of each process, and how often it has closed again since its start.',
  thresholds: { warn: 'more than 3 in ten minutes', crit: 'open' },
  source: 'requirement D2',
  needs: ['processes'],
  commands: ['staleproof services'],
  remedy: {
    text: 'What it guards does not answer: look there first. The cache tries again by itself.',
    commands: ['staleproof services'],
  },
  judge: (facts) => facts.need('processes').flatMap(breakersOf),
}

function breakersOf({ service, process, stats, atMs, startedMs }: ProcessFacts): Verdict[] {
  const tenMinutes = Math.max(1, (atMs - startedMs) / (10 * minuteMs))
  return Object.entries(stats.breakers).flatMap(([name, { state, failures, recoveries }]) => {
    const per10Min = rounded(recoveries / tenMinutes)
    const values = { state, failures, recoveries, per10Min, process }
    const subject = `${name} of ${service}`
    if (state === 'open') return [crit(values, { subject })]
    return per10Min > transitionsPer10MinMax ? [warn(values, { subject })] : []
  })
}

const memory: Check = {
  id: 'PLT03',
  group: 'platform',
  title: 'The memory of a process is too small for what it holds',
  rule:
    'Bytes against their bound; and how long an entry stays, from entries and puts since the ' +
    'start, where 100 or more had to go for room.',
  thresholds: { warn: 'above the bound, or less than a second' },
  source: 'our own',
  needs: ['processes'],
  commands: ['staleproof size'],
  remedy: { text: 'Give it more memory, or less to hold.', commands: ['staleproof size'] },
  judge: (facts) => facts.need('processes').flatMap(memoryOf),
}

function memoryOf({ service, process, stats, atMs, startedMs }: ProcessFacts): Verdict[] {
  const { bytes, bytesMax, families } = stats.memory
  const over: Verdict[] = []
  if (bytes > bytesMax) {
    const values = { usedMb: megabytes(bytes), maxMb: megabytes(bytesMax), process }
    over.push(warn(values, { subject: service, title: 'A process holds more than it may' }))
  }
  const hasty = Object.entries(families).flatMap(([family, { entries, puts, evictions }]) => {
    const forRoom = evictions.bytes + evictions.entries
    // What stays, over what comes in a millisecond: how long one stays.
    const residenceMs = Math.round((entries * (atMs - startedMs)) / Math.max(1, puts))
    if (forRoom < evictionsMin || residenceMs >= residenceMsMin) return []
    return [warn({ residenceMs, puts, evictions: forRoom, process }, { subject: family })]
  })
  return [...over, ...hasty]
}

const database: Check = {
  id: 'PLT06',
  group: 'platform',
  title: 'The database is asked too much',
  rule:
    'Connections in use and queries a second of all processes together, p95 of a query and who ' +
    'waits for a connection now.',
  thresholds: {
    warn: 'calls wait for a connection, or more than 200 queries/s',
    crit: 'more than 80 connections in use, or p95 above 500 ms',
  },
  source: 'requirement F4',
  needs: ['processes'],
  commands: ['staleproof services'],
  remedy: {
    text: 'Cache what is asked most, ask for many rows at once, and look for slow queries.',
    commands: ['staleproof stats'],
  },
  judge: (facts) => {
    const pools = facts.need('processes').flatMap(poolOf)
    if (pools.length === 0) return []
    const used = pools.reduce((sum, { pool }) => sum + pool.used, 0)
    const perS = rounded(pools.reduce((sum, pool) => sum + pool.queriesPerS, 0))
    const all = [
      ...(used > databaseConnectionsMax ? [crit({ used }, { subject: 'connections' })] : []),
      ...(perS > databaseQueriesPerSMax ? [warn({ perS }, { subject: 'queries' })] : []),
    ]
    return [...all, ...pools.flatMap(ofPool)]
  },
}

interface Pool {
  readonly service: string
  readonly process: string
  readonly pool: PoolFacts
  readonly queriesPerS: number
}

function poolOf({ service, process, parts, atMs, startedMs }: ProcessFacts): Pool[] {
  const pool = parts.database
  if (pool === undefined) return []
  const queriesPerS = (pool.queries * 1_000) / Math.max(1, atMs - startedMs)
  return [{ service, process, pool, queriesPerS }]
}

function ofPool({ service, process, pool }: Pool): Verdict[] {
  const { waiting, waits, queryP95Ms, max } = pool
  const values = { queryP95Ms, waiting, waits, max, process }
  if (queryP95Ms > databaseP95MsMax) return [crit(values, { subject: service })]
  return waiting > 0 ? [warn(values, { subject: service })] : []
}

export const processChecks: readonly Check[] = [breakers, memory, database]
