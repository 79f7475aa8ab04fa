/**
 * What an examination by `staleproof doctor` costs a server with a million keys that is in use:
 * how much is sent, what the server spends on it, and how long its longest command takes.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { type Examination, examine } from '../doctor/examination.ts'
import { ofServices, Traffic } from '../doctor/traffic.ts'
import { openCrowd } from '../groups/crowd.ts'
import {
  callsBetween,
  microsBetween,
  type ServerFigures,
  ServerObserver,
} from '../server-figures.ts'
import { barOf, type Study, type StudyResult } from '../study.ts'

const keysTotal = 1_000_000
const options = { full: [], quick: ['--window', '2s', '--budget', '5s'] }
const lookMs = 1_000
const perSecondMax = 1_000
const shareMax = 0.02
const microsMax = 1_000

export const doctorCost: Study = {
  name: 'doctor-cost',
  needsOwnRedis: true,
  async study({ redisUrl = '' }, isQuick) {
    const crowd = await openCrowd(redisUrl)
    const observer = new ServerObserver(redisUrl)
    try {
      await crowd.fill(0, keysTotal)
      // Its beats and scripts would be counted beside the doctor's commands.
      await crowd.cache.close()
      const traffic = new Traffic(redisUrl)
      try {
        await observer.forget()
        const chosen = isQuick ? options.quick : options.full
        const { result, looks } = await watched(observer, () => examine(redisUrl, chosen))
        return await resultOf(result, looks, observer)
      } finally {
        await traffic.stop()
      }
    } finally {
      observer.close()
      await crowd.close()
    }
  },
}

interface Look {
  readonly atMs: number
  readonly figures: ServerFigures
}

/** Looks every second while it runs. */
async function watched<T>(
  observer: ServerObserver,
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly looks: readonly Look[] }> {
  const look = async (): Promise<Look> => {
    return { atMs: performance.now(), figures: await observer.look() }
  }
  const looks = [await look()]
  const over = new AbortController()
  const running = work().finally(() => over.abort())
  while (!over.signal.aborted) {
    await pause(lookMs, undefined, { signal: over.signal }).catch(() => {})
    looks.push(await look())
  }
  return { result: await running, looks }
}

async function resultOf(
  { commands, keysSampled, durationMs }: Examination,
  looks: readonly Look[],
  observer: ServerObserver,
): Promise<StudyResult> {
  const names = Object.keys(commands)
  const sent = Object.values(commands).reduce((sum, count) => sum + count, 0)
  const [first, last] = [looks[0], looks.at(-1)]
  if (first === undefined || last === undefined) throw new Error('expected two looks')
  const micros = microsBetween(first.figures, last.figures, names)
  const share = micros / (durationMs * 1_000)
  const slowest = await slowestOf(names, observer)
  return {
    title: 'An examination by `staleproof doctor` of a million keys that are in use',
    method: `${keysSampled} keys sampled in ${Math.round(durationMs / 1_000)} s; ${sent} commands`,
    columns: ['commands/s', 'most in a second', 'share of a core %', 'slowest p99 µs', 'which'],
    plotted: 'share of a core %',
    rows: [
      {
        name: 'doctor',
        figures: [
          (sent * 1_000) / durationMs,
          peakOf(looks),
          share * 100,
          slowest.micros,
          slowest.name,
        ],
      },
    ],
    bars: [
      barOf('commands in the busiest second', peakOf(looks), perSecondMax),
      barOf('share of a core by command statistics', share, shareMax),
      barOf(`p99 µs of ${slowest.name}`, slowest.micros, microsMax),
    ],
  }
}

/** Commands of the doctor in a second: all but those of services and of looking. */
function peakOf(looks: readonly Look[]): number {
  const rates = looks.slice(1).map(({ atMs, figures }, at) => {
    const before = looks[at]
    // The last look comes early, and a part of a second proves no rate.
    if (before === undefined || atMs - before.atMs < lookMs / 2) return 0
    const calls = [...callsBetween(before.figures, figures)]
    const own = calls.filter(([name]) => !ofServices.includes(name))
    const count = own.reduce((sum, [, calls]) => sum + calls, 0)
    return (count * 1_000) / (atMs - before.atMs)
  })
  return Math.max(...rates)
}

async function slowestOf(
  names: readonly string[],
  observer: ServerObserver,
): Promise<{ readonly name: string; readonly micros: number }> {
  const { commands } = await observer.look()
  // A command that the server refused has taken no time.
  const answered = names.filter((name) => (commands.get(name)?.calls ?? 0) > 0)
  if (!answered.includes('scan')) throw new Error('expected the keys to be looked at')
  const measured = await Promise.all(
    answered.map(async (name) => ({ name, micros: await p99Of(name, observer) })),
  )
  return measured.reduce((one, other) => (other.micros > one.micros ? other : one))
}

function p99Of(name: string, observer: ServerObserver): Promise<number> {
  return observer.latencyMicros(name.replace('|', '\\|'), 'p99')
}
