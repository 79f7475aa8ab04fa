// What a warmer makes of a lock that nobody gives, that is lost, or that can't be asked for.
import { describe, expect, onTestFinished, test } from 'vitest'
import { StaleproofError } from '../core/errors.ts'
import { openWarmer, type WarmedCache, type Warmer, type WarmTask } from './index.ts'
import { MemoryLog, openWarmWorld } from './warm-world.test-support.ts'

const minuteMs = 60_000

const noted = (runs: string[], name: string) => ({
  name,
  critical: false,
  run: () => {
    runs.push(name)
  },
})

const reportOf = (warmer: Warmer, name: string) =>
  warmer.report().tasks.find((task) => task.name === name)

describe('a lock', () => {
  /** The cache with a lock that the test holds. */
  async function openLocked(
    lock: WarmedCache['lock'],
    tasks: readonly WarmTask[],
    log?: MemoryLog,
  ) {
    const { cache } = await openWarmWorld()
    const { observe, family, clock } = cache
    const warmer = openWarmer({ observe, family, lock }, { clock, every: '1m', tasks, log })
    onTestFinished(() => warmer.close())
    return { warmer, clock }
  }

  test('that nobody can be asked for is a reason to wait, and not to warm', async () => {
    const runs: string[] = []
    const down = new StaleproofError('SP_REDIS_DOWN', 'no answer')
    const lock = () => Promise.reject(down)
    const { warmer, clock } = await openLocked(lock, [noted(runs, 'a')])
    await clock.advance(minuteMs + 40_000)
    expect(warmer.report().standing).toBe('unreachable')
    expect(reportOf(warmer, 'a')).toMatchObject({ skippedUnreachable: 2, skippedElsewhere: 0 })
    expect(runs).toEqual([])
  })

  test('that can not be asked for is a warning, once for each change of the reason', async () => {
    const faults = ['SP_REDIS_DOWN', 'SP_LOCK_TAKEN', 'SP_REDIS_DOWN'] as const
    let round = 0
    const lock = () => {
      const code = faults[Math.floor(round++ / 2)] ?? 'SP_REDIS_DOWN'
      return Promise.reject(round > 6 ? new TypeError('ours') : new StaleproofError(code, code))
    }
    const log = new MemoryLog()
    const { clock } = await openLocked(lock, [], log)
    await clock.advance(240_000)
    expect(round).toBeGreaterThanOrEqual(8)
    expect(log.messages).toEqual(Array(3).fill('warn warming has no lock'))
  })

  test('that is lost ends what runs, and is asked for again', async () => {
    const terms: AbortController[] = []
    const lock: WarmedCache['lock'] = async (_name, _options, work) => {
      const term = new AbortController()
      terms.push(term)
      return work(term.signal, terms.length)
    }
    const run = () => new Promise<void>(() => {})
    const { warmer, clock } = await openLocked(lock, [{ name: 'a', critical: true, run }])
    await clock.advance(1_000)
    terms[0]?.abort()
    await clock.advance(1_000)
    expect(warmer.report().standing).toBe('elsewhere')
    expect(reportOf(warmer, 'a')).toMatchObject({ interrupted: 1, failures: 0 })
    await clock.advance(30_000)
    expect([warmer.report().standing, terms.length]).toEqual(['elected', 2])
  })
})
