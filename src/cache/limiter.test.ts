import { setMaxListeners } from 'node:events'
import { beforeEach, describe, expect, test } from 'vitest'
import { takeAsksMax } from '../core/contracts/take.ts'
import type { CacheEvent } from '../core/outcome.ts'
import { EmbeddedServer, openEmbedded } from '../embedded/index.ts'
import { SeededChance } from '../testing/seeded-chance.ts'
import { VirtualClock } from '../testing/virtual-clock.ts'
import type { Engine } from './engine.ts'
import type { Gate } from './gate.ts'
import { waitersMax } from './limiter.ts'
import { Limiters, limitersMax } from './limiters.ts'
import { Watchers } from './watchers.ts'

const twoASecond = { rate: 2, per: '1s' } as const
const codeOf = (call: Promise<unknown>) =>
  call.then(
    () => 'taken',
    (error) => error.code,
  )

let clock: VirtualClock
let closing: AbortController
let events: CacheEvent[]
let scriptCalls: number
let isDown: boolean
let limiters: Limiters

beforeEach(async () => {
  clock = new VirtualClock()
  closing = new AbortController()
  setMaxListeners(0, closing.signal)
  events = []
  scriptCalls = 0
  isDown = false
  limiters = await open()
})

async function open(): Promise<Limiters> {
  const server = new EmbeddedServer({ clock, chance: new SeededChance(1) })
  const remote = openEmbedded(server, { clock, withBus: false })
  const silent = { subscribed() {}, unsubscribed() {}, message() {}, direct() {} }
  await remote.open('test', { up() {}, down() {}, ...silent })
  const watchers = new Watchers()
  watchers.add({ notify: (event) => events.push(event) })
  const gate: Pick<Gate, 'isOpen' | 'write'> = {
    isOpen: () => !isDown,
    write: (_partition, _budget, step) => {
      scriptCalls++
      return step()
    },
  }
  const settings = { budgetMs: 500, trustMs: 1_500 }
  const engine = { clock, watchers, settings, store: remote.store } as unknown as Engine
  return new Limiters(engine, gate as Gate, closing.signal)
}

describe('a shared limiter', () => {
  test('grants what the quota has, refuses the rest and tells when', async () => {
    const limiter = limiters.limiter('api', twoASecond)
    await limiter.take(2)
    const refusal = limiter.take()
    await expect(refusal).rejects.toMatchObject({ code: 'SP_RATE_LIMITED', retryAfterMs: 500 })
    await clock.advance(500)
    expect(await limiter.tryTake()).toEqual({ granted: true, retryAfterMs: 0, remaining: 0 })
    expect(await limiter.tryTake()).toEqual({ granted: false, retryAfterMs: 500, remaining: 0 })
    expect(limiter.stats).toEqual({ granted: 2, refused: 2, withoutRedis: 0, waiting: 0 })
  })

  test('tells observers of refusals alone', async () => {
    const limiter = limiters.limiter('api', twoASecond)
    await limiter.take(2)
    expect(events).toEqual([])
    await limiter.tryTake(2)
    expect(events).toEqual([{ kind: 'limited', limiter: 'api', count: 2, retryAfterMs: 1_000 }])
  })

  test('lets wait in the order of asking, as long as each will', async () => {
    const limiter = limiters.limiter('api', twoASecond)
    await limiter.take(2)
    const ends: string[] = []
    const waiting = ['first', 'second', 'third'].map((name) =>
      codeOf(limiter.take(1, { wait: '1s' })).then((code) => ends.push(`${name} ${code}`)),
    )
    await clock.advance(0)
    expect(ends).toEqual(['third SP_RATE_LIMITED'])
    expect(limiter.stats.waiting).toBe(2)
    await clock.advance(498)
    expect(ends).toHaveLength(1)
    await clock.advance(3)
    expect(ends.at(-1)).toBe('first taken')
    await clock.advance(500)
    expect(ends.at(-1)).toBe('second taken')
    await Promise.all(waiting)
    expect(limiter.stats.waiting).toBe(0)
  })

  test('lets nobody go on early, even if a timer fires early', async () => {
    const limiter = limiters.limiter('api', twoASecond)
    await limiter.take(2)
    const timer = clock.timer.bind(clock)
    clock.timer = (delayMs, task) => timer(Math.max(0.1, delayMs - 1), task)
    let endMs = 0
    const waiting = limiter.take(1, { wait: '1s' }).then(() => {
      endMs = clock.now()
    })
    await clock.advance(1_000)
    await waiting
    expect(endMs).toBeGreaterThanOrEqual(500)
  })

  test('gives nobody the tokens of a wait that was given up', async () => {
    const limiter = limiters.limiter('api', twoASecond)
    await limiter.take(2)
    const controller = new AbortController()
    const waiting = codeOf(limiter.take(1, { wait: '1s', signal: controller.signal }))
    await clock.advance(0)
    controller.abort()
    expect(await waiting).toBe('SP_ABORTED')
    await clock.advance(500)
    expect((await limiter.tryTake()).granted).toBe(false)
  })

  test('asks nothing for who has given up before', async () => {
    const limiter = limiters.limiter('api', twoASecond)
    expect(await codeOf(limiter.take(1, { signal: AbortSignal.abort() }))).toBe('SP_ABORTED')
    expect(scriptCalls).toBe(0)
  })

  test('ends every wait when the cache closes', async () => {
    const limiter = limiters.limiter('api', twoASecond)
    await limiter.take(2)
    const waiting = codeOf(limiter.take(1, { wait: '1s' }))
    await clock.advance(0)
    closing.abort()
    expect(await waiting).toBe('SP_CLOSED')
    expect(await codeOf(limiter.tryTake())).toBe('SP_CLOSED')
  })

  test('lets no more wait than the bound', async () => {
    const limiter = limiters.limiter('api', { rate: 1_000, per: '1s' })
    await limiter.take(1_000)
    const all = Array.from({ length: waitersMax + 1 }, () => limiter.take(1, { wait: '1m' }))
    const codes = Promise.all(all.map(codeOf))
    await clock.advance(60_000)
    expect((await codes).filter((code) => code === 'SP_RATE_LIMITED')).toHaveLength(1)
  })

  test('takes what is asked in one tick by one script call', async () => {
    const limiter = limiters.limiter('api', { rate: 50, per: '1s' })
    const calls = Array.from({ length: takeAsksMax }, (_, at) => limiter.of(at % 7).tryTake())
    expect((await Promise.all(calls)).every(({ granted }) => granted)).toBe(true)
    expect(scriptCalls).toBe(1)
  })
})

describe('clients', () => {
  test('have a bucket each, whatever their ids contain', async () => {
    const limiter = limiters.limiter('api', { rate: 1, per: '1m' })
    for (const client of ['a', 'a:b', 'a%3Ab', 7, '*']) await limiter.of(client).take()
    expect((await limiter.of('7').tryTake()).granted).toBe(false)
    expect((await limiter.of('a:b').tryTake()).granted).toBe(false)
    expect((await limiters.limiter('api:a', { rate: 1, per: '1m' }).tryTake()).granted).toBe(true)
  })

  test.each(['', '\uD800', 'x'.repeat(201), 0.5])('are refused if %j names none', (client) => {
    const limiter = limiters.limiter('api', twoASecond)
    expect(() => limiter.of(client)).toThrow('SP_OPTION_INVALID')
  })
})

describe('without Redis', () => {
  test('each process has the quota for itself', async () => {
    const limiter = limiters.limiter('api', twoASecond)
    isDown = true
    await limiter.take(2)
    expect(await limiter.tryTake()).toEqual({ granted: false, retryAfterMs: 500, remaining: 0 })
    expect(limiter.stats).toMatchObject({ withoutRedis: 2 })
  })

  test('everything is allowed where that was asked for', async () => {
    const limiter = limiters.limiter('api', { ...twoASecond, whenRedisIsDown: 'allow' })
    isDown = true
    for (let count = 0; count < 10; count++) await limiter.take(2)
  })

  test('everything is refused where that was asked for', async () => {
    const limiter = limiters.limiter('api', { ...twoASecond, whenRedisIsDown: 'refuse' })
    isDown = true
    const refused = { granted: false, retryAfterMs: 1_500, remaining: 0 }
    expect(await limiter.tryTake()).toEqual(refused)
  })

  test('and for one process alone, nothing is asked of it', async () => {
    const limiter = limiters.limiter('api', { ...twoASecond, scope: 'process' })
    await limiter.take(2)
    expect(await codeOf(limiter.take())).toBe('SP_RATE_LIMITED')
    expect(scriptCalls).toBe(0)
    expect(limiter.stats.withoutRedis).toBe(0)
  })
})

describe('declared', () => {
  test('again with the same options it is the same one', () => {
    expect(limiters.limiter('api', twoASecond)).toBe(
      limiters.limiter('api', { rate: 2, per: 1_000 }),
    )
    expect(Object.keys(limiters.stats())).toEqual(['api'])
  })

  test('again with other options it is refused', () => {
    limiters.limiter('api', twoASecond)
    expect(() => limiters.limiter('api', { rate: 3, per: '1s' })).toThrow('SP_OPTION_INVALID')
  })

  test('no more often than the bound', () => {
    for (let at = 0; at < limitersMax; at++) limiters.limiter(`n${at}`, twoASecond)
    expect(() => limiters.limiter('one more', twoASecond)).toThrow('SP_OPTION_INVALID')
  })

  test.each([
    {},
    { rate: 0, per: '1s' },
    { rate: 1.5, per: '1s' },
    { rate: 1 },
    { rate: 1, per: '2d' },
    { rate: 10_001, per: '1s' },
    { rate: 1, per: '1d', burst: 31 },
    { rate: 1, per: '1s', scope: 'world' },
    { rate: 1, per: '1s', whenRedisIsDown: 'hope' },
    { rate: 1, per: '1s', bursts: 2 },
  ])('with %j it is refused', (options) => {
    const declare = () => limiters.limiter('api', options as unknown as typeof twoASecond)
    expect(declare).toThrow(/SP_OPTION_(INVALID|UNKNOWN)/)
  })

  test('it refuses to give more than a full bucket has', async () => {
    const limiter = limiters.limiter('api', { ...twoASecond, burst: 5 })
    await limiter.take(5)
    expect(await codeOf(limiter.take(6))).toBe('SP_OPTION_INVALID')
    expect(await codeOf(limiter.take(1, { wait: '61s' }))).toBe('SP_OPTION_INVALID')
  })
})
