import { describe, expect, onTestFinished, test } from 'vitest'
import { openWarmer, type Warmer, type WarmerOptions } from './index.ts'
import { MemoryLog, openWarmWorld, type WarmWorld } from './warm-world.test-support.ts'

const minuteMs = 60_000

async function open(options: WarmerOptions): Promise<WarmWorld & { readonly warmer: Warmer }> {
  const world = await openWarmWorld()
  const warmer = warm(world, options)
  onTestFinished(() => warmer.close())
  return { ...world, warmer }
}

const warm = ({ cache }: WarmWorld, options: WarmerOptions): Warmer =>
  openWarmer(cache, { clock: cache.clock, ...options })

const noted = (runs: string[], name: string) => ({
  name,
  critical: false,
  run: () => {
    runs.push(name)
  },
})

const reportOf = (warmer: Warmer, name: string) =>
  warmer.report().tasks.find((task) => task.name === name)

describe('tasks', () => {
  test('run at once in the background, and then every five minutes', async () => {
    const runs: string[] = []
    const { warmer, cache } = await open({ tasks: [noted(runs, 'a'), noted(runs, 'b')] })
    expect(runs).toEqual([])
    await cache.clock.advance(1)
    expect(runs).toEqual(['a', 'b'])
    await cache.clock.advance(5 * minuteMs - 2)
    expect(runs).toHaveLength(2)
    await cache.clock.advance(1_000)
    expect(runs).toEqual(['a', 'b', 'a', 'b'])
    expect(warmer.report().standing).toBe('elected')
    expect(reportOf(warmer, 'a')).toMatchObject({ executions: 2, successes: 2, failures: 0 })
  })

  test('run at a pace of their own, as soon as they are added, until they are ended', async () => {
    const runs: string[] = []
    const { warmer, cache } = await open({})
    await cache.clock.advance(1_000)
    const end = warmer.task({ ...noted(runs, 'often'), every: '10s' })
    await cache.clock.advance(1)
    expect(runs).toHaveLength(1)
    await cache.clock.advance(20_001)
    expect(runs).toHaveLength(3)
    end()
    await cache.clock.advance(minuteMs)
    expect(runs).toHaveLength(3)
  })

  test('run when somebody wants it, and then not before their time', async () => {
    const runs: string[] = []
    const { warmer, cache } = await open({ tasks: [noted(runs, 'a')] })
    await cache.clock.advance(minuteMs)
    expect(await warmer.run('a')).toMatchObject({ executions: 2, successes: 2 })
    expect(runs).toEqual(['a', 'a'])
    await cache.clock.advance(4.5 * minuteMs)
    expect(runs).toHaveLength(2)
    expect(warmer.run('none')).toBeUndefined()
  })

  test('run one at a time', async () => {
    const world = await openWarmWorld()
    let [running, most] = [0, 0]
    const task = (name: string) => ({
      name,
      critical: false,
      run: async () => {
        running++
        most = Math.max(most, running)
        await new Promise<void>((resolve) => world.cache.clock.timer(1_000, resolve))
        running--
      },
    })
    const warmer = warm(world, { tasks: ['a', 'b', 'c'].map(task) })
    await world.cache.clock.advance(minuteMs)
    expect(warmer.report().tasks.map(({ successes }) => successes)).toEqual([1, 1, 1])
    expect(most).toBe(1)
    await warmer.close()
  })

  test('that fail are a warning if they are critical, else for debugging', async () => {
    const log = new MemoryLog()
    const fail = () => Promise.reject(new Error('no database'))
    const { warmer, cache } = await open({
      log,
      tasks: [
        { name: 'leaders', critical: true, run: fail },
        { name: 'lists', critical: false, run: fail },
      ],
    })
    await cache.clock.advance(1)
    expect(log.lines).toEqual([
      { level: 'warn', task: 'leaders' },
      { level: 'debug', task: 'lists' },
    ])
    expect(reportOf(warmer, 'leaders')).toMatchObject({
      executions: 1,
      successes: 0,
      failures: 1,
      lastSuccessMs: undefined,
      lastError: 'Error: no database',
    })
  })

  test('say when they ran, how long it took, and when it last went well', async () => {
    const { warmer, cache, failing } = await open({
      every: '1m',
      tasks: [{ name: 'page', critical: false, run: () => cachedPage() }],
    })
    const cachedPage = async () => {
      await cache.page.invalidate('a')
      await cache.page.get('a', { priority: 'warm' })
    }
    const openedMs = cache.clock.wallMs()
    await cache.clock.advance(200)
    failing.add('a')
    await cache.clock.advance(minuteMs)
    const page = reportOf(warmer, 'page')
    const { lastRunMs = 0, lastSuccessMs = 0, lastDurationMs } = page ?? {}
    expect(page).toMatchObject({ executions: 2, successes: 1, failures: 1 })
    expect(lastDurationMs).toBeGreaterThanOrEqual(100)
    expect(lastSuccessMs - openedMs).toBeLessThan(200)
    expect(lastRunMs - openedMs).toBeGreaterThanOrEqual(minuteMs)
  })

  test('that take too long are told to end, and fail', async () => {
    const signals: AbortSignal[] = []
    const endless = (signal: AbortSignal) => {
      signals.push(signal)
      return new Promise<void>(() => {})
    }
    const runs: string[] = []
    const { warmer, cache } = await open({
      every: '1m',
      tasks: [
        { name: 'endless', critical: true, deadline: '10s', run: endless },
        noted(runs, 'after'),
      ],
    })
    await cache.clock.advance(9_999)
    expect([signals[0]?.aborted, runs]).toEqual([false, []])
    await cache.clock.advance(10)
    expect([signals[0]?.reason, runs]).toEqual([
      expect.objectContaining({ code: 'SP_TASK_TIMEOUT' }),
      ['after'],
    ])
    await cache.clock.advance(10 * minuteMs)
    expect(signals).toHaveLength(1)
    expect(reportOf(warmer, 'endless')).toMatchObject({ executions: 1, failures: 1 })
    expect(reportOf(warmer, 'after')?.successes).toBeGreaterThan(9)
  })

  test.each([
    [{ every: 1 }],
    [{ tasks: {} }],
    [{ tasks: [{ name: 'a', run: () => {} }] }],
    [{ tasks: [{ name: 'a', critical: true }] }],
    [{ tasks: [noted([], 'a'), noted([], 'a')] }],
    [{ concurrency: 0 }],
    [{ sampleHits: 0 }],
  ])('with wrong options are refused: %j', async (options) => {
    const world = await openWarmWorld()
    expect(() => warm(world, options as never)).toThrowError(
      expect.objectContaining({ code: 'SP_OPTION_INVALID' }),
    )
  })
})

describe('two processes that warm the same', () => {
  test('elect one; the other skips what is due, says so, and takes over', async () => {
    const runs: string[] = []
    const world = await openWarmWorld()
    const { clock } = world.cache
    const first = warm(world, { every: '1m', tasks: [noted(runs, 'a')] })
    await clock.advance(1)
    const second = warm(world, { every: '1m', tasks: [noted(runs, 'a')] })
    await clock.advance(3 * minuteMs + 10_000)
    expect([first, second].map((one) => one.report().standing)).toEqual(['elected', 'elsewhere'])
    expect(runs).toHaveLength(4)
    expect(reportOf(second, 'a')).toMatchObject({ executions: 0, skippedElsewhere: 4 })
    await first.close()
    await clock.advance(30_001)
    expect(second.report().standing).toBe('elected')
    expect(runs).toHaveLength(5)
    await second.close()
  })

  test('work side by side under two names', async () => {
    const runs: string[] = []
    const world = await openWarmWorld()
    const warmers = ['api', 'bot'].map((name) => warm(world, { name, tasks: [noted(runs, name)] }))
    await world.cache.clock.advance(1)
    expect(runs.sort()).toEqual(['api', 'bot'])
    for (const warmer of warmers) await warmer.close()
  })
})

describe('closing', () => {
  test('leaves no timer, lock or observer, and ends the task that runs', async () => {
    const world = await openWarmWorld()
    const { cache } = world
    const { clock } = cache
    await clock.advance(1)
    const before = clock.time.waiting
    const signals: AbortSignal[] = []
    const hang = (signal: AbortSignal) => {
      signals.push(signal)
      return new Promise<void>(() => {})
    }
    const warmer = warm(world, { tasks: [{ name: 'hang', critical: true, run: hang }] })
    warmer.accesses(() => {})
    await clock.advance(1)
    const closing = warmer.close()
    await clock.advance(1)
    await closing
    await warmer.close()
    expect(signals[0]?.aborted).toBe(true)
    expect(reportOf(warmer, 'hang')).toMatchObject({ interrupted: 1, failures: 0 })
    expect(clock.time.waiting).toBe(before)
    expect(await cache.lock('warm:warm', { ttl: '1s' }, () => 'free')).toBe('free')
    const stops = Array.from({ length: 15 }, () => cache.observe({ notify: () => {} }))
    expect(stops).toHaveLength(15)
  })

  test('happens with the cache', async () => {
    const { warmer, cache } = await open({ tasks: [noted([], 'a')] })
    await cache.clock.advance(1)
    const closing = cache.close()
    await cache.clock.advance(minuteMs)
    await closing
    expect([warmer.report().standing, warmer.signal.aborted]).toEqual(['closed', true])
  })
})

describe('accesses', () => {
  test('are those of callers, not those that warm, and say to whom they belong', async () => {
    const { warmer, cache } = await open({ who: (family, id) => `${family} ${id}` })
    const seen: unknown[] = []
    const stop = warmer.accesses(({ key, who, outcome }) => seen.push([key, who, outcome?.from]))
    const warming = cache.page.get('a', { priority: 'warm' })
    await cache.clock.advance(200)
    await warming
    await cache.settled()
    await cache.page.get('a')
    warmer.note({ family: 'market', id: 'b', who: 'ada' })
    stop()
    await cache.page.get('a')
    expect(seen).toEqual([
      ['page:a', 'page a', 'memory'],
      ['market:b', 'ada', undefined],
    ])
  })
})
