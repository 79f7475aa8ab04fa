/** A thousand callers of one missing key at once, in one process and in four. */
import type { ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { answerOf, endProgram, startProgram } from '../child.ts'
import { type Failure, reasonOf } from '../failure.ts'
import type { Library } from '../libraries/library.ts'
import { besieged } from '../stampede/besieged.ts'
import type { Siege, Withstood } from '../stampede/caller-process.ts'
import { medianOf, type Spread, spreadOf } from '../statistics.ts'
import { barOf, type Study, type StudyResult, type StudyRow } from '../study.ts'

const callers = 1_000
const processes = 4
const repeats = { full: 15, quick: 3 }
const waitMsMax = 30_000

interface Measured {
  readonly alone: Withstood[]
  readonly together: Withstood[]
}

export const stampede: Study = {
  name: 'stampede',
  needsOwnRedis: false,
  async study({ redisUrl = '' }, isQuick) {
    const program = new URL('../stampede/caller-process.js', import.meta.url)
    const words = [redisUrl, `stampede-${randomUUID()}`]
    const children = Array.from({ length: processes }, () => startProgram(program, words))
    try {
      await Promise.all(children.map((child) => answerOf(child, waitMsMax)))
      return await measure(children, isQuick ? repeats.quick : repeats.full)
    } finally {
      for (const child of children) await endProgram(child)
    }
  },
}

async function measure(children: readonly ChildProcess[], rounds: number): Promise<StudyResult> {
  const measured = new Map<Library, Measured>()
  for (const library of besieged) measured.set(library, { alone: [], together: [] })
  const failures: Failure[] = []
  for (let round = 0; round < rounds; round++) {
    for (const [library, { alone, together }] of measured) {
      try {
        alone.push(await besiege(children.slice(0, 1), library, `alone-${round}`))
        // Memory alone has nothing that processes could share.
        if (library.tiers.length === 1 && library.tiers[0] === 'memory') continue
        together.push(await besiege(children, library, `together-${round}`))
      } catch (error) {
        measured.delete(library)
        failures.push({ name: library.name, reason: reasonOf(error) })
      }
    }
  }
  return resultOf(measured, { rounds, failures })
}

/** All at once; the time is that of the slowest process. */
async function besiege(
  children: readonly ChildProcess[],
  { name }: Library,
  key: string,
): Promise<Withstood> {
  const siege: Siege = { library: name, key, callers: callers / children.length }
  const answers = children.map((child) => answerOf<Withstood>(child, waitMsMax))
  for (const child of children) child.send(siege)
  const all = await Promise.all(answers)
  return {
    loads: all.reduce((sum, { loads }) => sum + loads, 0),
    wallMs: Math.max(...all.map(({ wallMs }) => wallMs)),
  }
}

function resultOf(
  measured: ReadonlyMap<Library, Measured>,
  { rounds, failures }: { readonly rounds: number; readonly failures: readonly Failure[] },
): StudyResult {
  const [ours] = measured.values()
  if (ours === undefined) throw new Error('expected our own figures')
  return {
    title: `Stampede: ${callers.toLocaleString('en-US')} callers of a missing key, source 50 ms`,
    method: `${rounds} interleaved rounds; loads that the source was asked for, fewest to most`,
    columns: ['loads, 1 process', 'ms', `loads, ${processes} processes`, 'ms'],
    plotted: `loads, ${processes} processes`,
    rows: [...measured].map(rowOf),
    bars: [
      barOf('loads, one process', loadsOf(ours.alone).max, 1),
      barOf(`loads, ${processes} processes`, loadsOf(ours.together).max, 1),
    ],
    failures,
  }
}

function rowOf([{ name }, { alone, together }]: readonly [Library, Measured]): StudyRow {
  const one = [loadsText(loadsOf(alone)), timeOf(alone)]
  if (together.length === 0) return { name, figures: [...one, 'no Redis', ''] }
  const spread = loadsOf(together)
  return { name, figures: [...one, loadsText(spread), timeOf(together)], spread }
}

function loadsOf(withstood: readonly Withstood[]): Spread {
  return spreadOf(withstood.map(({ loads }) => loads))
}

function timeOf(withstood: readonly Withstood[]): number {
  return medianOf(withstood.map(({ wallMs }) => wallMs))
}

function loadsText({ min, max }: Spread): string {
  return min === max ? String(min) : `${min} – ${max}`
}
