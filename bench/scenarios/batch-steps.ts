/** What reading 100 keys from Redis takes: the call, the commands, the reads of the socket. */
import { randomUUID } from 'node:crypto'
import type { Stage } from '../contestant.ts'
import { getAll } from '../contestants/library.ts'
import { type Failure, reasonOf } from '../failure.ts'
import { redisLibraries, staleproof } from '../libraries/index.ts'
import type { Library, OpenedLibrary } from '../libraries/library.ts'
import { callsBetween, ServerObserver } from '../server-figures.ts'
import { medianOf } from '../statistics.ts'
import { barOf, type Study, type StudyRow } from '../study.ts'
import { numberOfText, quoteOf, textIdOf, textIds } from '../workload.ts'

const batch = 100
const reads = { full: 200, quick: 50 }
const windows = 15
const keys = Array.from({ length: batch }, (_, number) => textIds.keyOf(textIds.of(number)))

interface Steps {
  readonly commands: string
  readonly socketReads: number
}

export const batchSteps: Study = {
  name: 'batch-steps',
  needsOwnRedis: true,
  async study(stage, isQuick) {
    const observer = new ServerObserver(stage.redisUrl ?? '')
    const rows: StudyRow[] = []
    const failures: Failure[] = []
    let ourSocketReads = Number.POSITIVE_INFINITY
    try {
      for (const library of [staleproof, ...redisLibraries]) {
        try {
          const cache = await openFilled(library, stage)
          const steps = await stepsOf(cache, observer)
          const ms = await timeOf(cache, isQuick ? reads.quick : reads.full)
          const call = cache.getMany === undefined ? `${batch} × get` : 'its own'
          rows.push({ name: library.name, figures: [call, ms, steps.commands, steps.socketReads] })
          if (library === staleproof) ourSocketReads = steps.socketReads
          await cache.close()
        } catch (error) {
          failures.push({ name: library.name, reason: reasonOf(error) })
        }
      }
    } finally {
      observer.close()
    }
    return {
      title: `Reading ${batch} keys from Redis, no memory`,
      method: 'what the server counts; of several windows the quietest',
      columns: ['call', 'median ms', 'commands', 'socket reads'],
      plotted: 'socket reads',
      rows,
      bars: [barOf('socket reads of a batch', ourSocketReads, 1)],
      failures,
    }
  },
}

async function openFilled(library: Library, stage: Stage): Promise<OpenedLibrary> {
  const { peers, redisUrl = '' } = stage
  const namespace = `steps-${randomUUID()}`
  const load = async (key: string) => quoteOf(numberOfText(key))
  const source = { load, keyOf: (value: unknown) => textIds.keyOf(textIdOf(value)) }
  const cache = await library.open({ peers, redisUrl, namespace, tiers: 'redis', ...source })
  await Promise.all(keys.map((key) => cache.fetch(key)))
  // The first ones may compile scripts.
  for (let turn = 0; turn < 10; turn++) await getAll(cache, keys)
  return cache
}

/** Beats come in between now and then, so of several windows the one with the fewest counts. */
async function stepsOf(cache: OpenedLibrary, observer: ServerObserver): Promise<Steps> {
  const socketReads: number[] = []
  for (let window = 0; window < windows; window++) {
    const before = await observer.socketReads()
    await getAll(cache, keys)
    // The second look is a read too.
    socketReads.push((await observer.socketReads()) - before - 1)
  }
  const commands: (readonly string[])[] = []
  for (let window = 0; window < windows; window++) {
    const before = await observer.look()
    await getAll(cache, keys)
    const calls = callsBetween(before, await observer.look())
    commands.push([...calls].map(([name, count]) => `${count} ${name}`))
  }
  const [fewest = []] = commands.sort((a, b) => a.length - b.length)
  return { commands: [...fewest].sort().join(', '), socketReads: Math.min(...socketReads) }
}

async function timeOf(cache: OpenedLibrary, count: number): Promise<number> {
  const laps: number[] = []
  for (let read = 0; read < count; read++) {
    const startedMs = performance.now()
    await getAll(cache, keys)
    laps.push(performance.now() - startedMs)
  }
  return medianOf(laps)
}
