/**
 * Deleting by pattern among a million keys: how long other clients wait meanwhile, beside
 * an idle server and beside KEYS with UNLINK.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { type Crowd, openCrowd } from '../groups/crowd.ts'
import { Pinger } from '../groups/pinger.ts'
import { microsBetween, ServerObserver } from '../server-figures.ts'
import { medianOf } from '../statistics.ts'
import { barOf, type Study, type StudyResult } from '../study.ts'

const keysTotal = 1_000_000
const firstNumber = 1_000_000
/** Those that one pattern matches: a hundredth of all. */
const keysMatched = 10_000
const idleMs = 500
const rounds = { full: 7, quick: 3 }

interface Windows {
  readonly idle: number[]
  readonly pattern: number[]
  readonly keys: number[]
}

export const patternCost: Study = {
  name: 'pattern-cost',
  needsOwnRedis: true,
  async study({ redisUrl = '' }, isQuick) {
    const crowd = await openCrowd(redisUrl)
    const observer = new ServerObserver(redisUrl)
    const pinger = await Pinger.open(redisUrl)
    try {
      await crowd.fill(firstNumber, keysTotal)
      await observer.forget()
      const windows: Windows = { idle: [], pattern: [], keys: [] }
      const before = await observer.look()
      for (let round = 0; round < (isQuick ? rounds.quick : rounds.full); round++) {
        await playRound({ crowd, observer, pinger, windows, round })
      }
      const scanned = microsBetween(before, await observer.look(), ['scan', 'evalsha'])
      return await resultOf(windows, observer, scanned)
    } finally {
      await pinger.close()
      observer.close()
      await crowd.close()
    }
  },
}

interface Round {
  readonly crowd: Crowd
  readonly observer: ServerObserver
  readonly pinger: Pinger
  readonly windows: Windows
  readonly round: number
}

/** Keys that were removed are put back, so that every window meets the same million. */
async function playRound({ crowd, observer, pinger, windows, round }: Round): Promise<void> {
  const part = 100 + (round % 100)
  const glob = `item:${part}????`
  windows.idle.push((await pinger.during(() => pause(idleMs))).p99Ms)
  const removal = () => crowd.cache.invalidatePattern(glob, { reason: 'import' })
  windows.pattern.push((await pinger.during(removal)).p99Ms)
  await crowd.fill(part * keysMatched, keysMatched)
  const rough = async () => {
    const found = await observer.redis.keys(crowd.glob(glob))
    if (found.length !== keysMatched) throw new Error(`KEYS found ${found.length} keys`)
    await observer.redis.unlink(found)
  }
  windows.keys.push((await pinger.during(rough)).p99Ms)
  await crowd.fill(part * keysMatched, keysMatched)
}

async function resultOf(
  windows: Windows,
  observer: ServerObserver,
  scannedMicros: number,
): Promise<StudyResult> {
  const [idle, pattern, keys] = [windows.idle, windows.pattern, windows.keys].map(medianOf)
  if (idle === undefined || pattern === undefined || keys === undefined) {
    throw new Error('expected a median of each window')
  }
  const spentMs = Math.round(scannedMicros / 1_000 / windows.idle.length)
  const scanMicros = await observer.latencyMicros('scan', 'p99')
  const scriptMicros = await observer.latencyMicros('evalsha', 'p99')
  return {
    title: `Deleting ${keysMatched.toLocaleString('en-US')} of a million keys by pattern`,
    method: `PINGs of another process; the server spent ${spentMs} ms on each deletion`,
    columns: ['PING p99 ms'],
    plotted: 'PING p99 ms',
    rows: [
      { name: 'idle', figures: [idle] },
      { name: 'invalidatePattern', figures: [pattern] },
      { name: 'KEYS and UNLINK', figures: [keys] },
    ],
    bars: [
      barOf('PING p99 to idle', pattern / idle, 2),
      barOf('PING p99 to KEYS', pattern / keys, 0.1),
      barOf('SCAN p99 µs', scanMicros, 1_000),
      barOf('script p99 µs', scriptMicros, 1_000),
    ],
  }
}
