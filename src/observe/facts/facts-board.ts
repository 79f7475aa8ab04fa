/**
 * Where processes publish what they know of themselves, and find each other. Who dies is gone
 * when its facts end; its place in the index is cleared by the others.
 */
import type { CommandLine } from '../../inspect/index.ts'
import { type OpsConnection, runAll } from '../ops-connection.ts'
import { opsNames } from '../ops-names.ts'
import type { ProcessFacts } from '../process-facts.ts'
import { formatFacts, parseFacts } from './facts-text.ts'

/** How long facts stay without being renewed. */
export const factsTtlMs = 20_000
/** Processes that are read at most: those that were renewed longest ago are left out. */
const processesMax = 1_000
/** Two commands for each process; the connection takes 50. */
const processesPerRequest = 25
/** Clocks of machines differ: an entry of the index is cleared only so long after its end. */
const indexSlackMs = 600_000

/** Facts as they were found. */
export interface Published {
  readonly facts: ProcessFacts
  /** Since they were renewed, by the clock of the server. */
  readonly ageMs: number
}

export interface FactsReading {
  /** The process that was started first comes first. */
  readonly processes: readonly Published[]
  /** Facts of another version of this library. */
  readonly skipped: number
  /** False: Redis could not be asked, or there are more processes than are read. */
  readonly isComplete: boolean
}

/** Rejects where Redis can't be told. */
export async function publishFacts(
  connection: OpsConnection,
  namespace: string,
  facts: ProcessFacts,
): Promise<void> {
  const names = opsNames(namespace)
  const untilMs = facts.atMs + factsTtlMs
  await runAll(connection, [
    ['set', names.facts + facts.process, formatFacts(facts), 'PX', factsTtlMs],
    ['zadd', names.index, untilMs, facts.process],
    ['zremrangebyscore', names.index, '-inf', facts.atMs - indexSlackMs],
    ['pexpire', names.index, indexSlackMs],
  ])
}

/** A process that ends takes its facts away. */
export async function withdrawFacts(
  connection: OpsConnection,
  namespace: string,
  process: string,
): Promise<void> {
  const names = opsNames(namespace)
  await runAll(connection, [
    ['del', names.facts + process],
    ['zrem', names.index, process],
  ])
}

/** Rejects with the error of the connection. */
export async function readFacts(
  connection: OpsConnection,
  namespace: string,
): Promise<FactsReading> {
  const names = opsNames(namespace)
  const range: CommandLine = ['zrevrangebyscore', names.index, '+inf', '-inf', 'LIMIT', 0]
  const [found] = await runAll(connection, [[...range, processesMax + 1]])
  const members = textsIn(found)
  const processes: Published[] = []
  let skipped = 0
  const wanted = members.slice(0, processesMax)
  for (let from = 0; from < wanted.length; from += processesPerRequest) {
    const keys = wanted
      .slice(from, from + processesPerRequest)
      .map((process) => names.facts + process)
    for (const one of await readSome(connection, keys)) {
      if (one === 'unknown') skipped++
      else processes.push(one)
    }
  }
  processes.sort((left, right) => left.facts.startedMs - right.facts.startedMs)
  return { processes, skipped, isComplete: members.length <= processesMax }
}

/** Those that are there; `unknown`: of another version. */
async function readSome(
  connection: OpsConnection,
  keys: readonly string[],
): Promise<readonly (Published | 'unknown')[]> {
  const lines = keys.flatMap((key): CommandLine[] => [
    ['get', key],
    ['pttl', key],
  ])
  const replies = await runAll(connection, lines)
  return keys.flatMap((_, at) => {
    const [text, leftMs] = [replies[2 * at], replies[2 * at + 1]]
    if (typeof text !== 'string' || typeof leftMs !== 'number') return []
    const facts = parseFacts(text)
    return facts === undefined ? 'unknown' : { facts, ageMs: Math.max(0, factsTtlMs - leftMs) }
  })
}

function textsIn(reply: unknown): readonly string[] {
  return Array.isArray(reply) ? reply.filter((one) => typeof one === 'string') : []
}
