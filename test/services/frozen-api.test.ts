// The Bot reads through the API, and the API is frozen between an invalidation and its delivery:
// the last place from which an old value could come back, because the API still holds it in memory
// and has not heard. The API is a process that is really stopped; see bot-behind-api.ts.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { eventually } from '../servers/eventually.ts'
import { describeWithRedis } from '../servers/redis.ts'
import {
  type BotBehindApi,
  type Holder,
  newLimit,
  oldLimit,
  openBotBehindApi,
} from './bot-behind-api.ts'

/** Δ(1+ρ) of the protocol: after it no memory serves what was invalidated. */
const staleMsMax = 1_500 * 1.001
const heldBack = { toServer: 'pass', toClient: 'hold' } as const
const attemptsMax = 5

describeWithRedis('the Bot behind an API that is frozen', () => {
  let stage: BotBehindApi

  beforeAll(async () => {
    stage = await openBotBehindApi()
  })
  afterAll(() => stage?.close())
  afterEach(async () => {
    stage.api.resume()
    stage.network.mode('all', 'pass')
    stage.door.takesNoCache = false
  })

  const deliveries = [
    ['waits at the frozen API', 'pass'],
    ['is still on its way when the API wakes', heldBack],
  ] as const

  test.for(deliveries)('shows the new value while the message %s', async ([, mode]) => {
    const holder = await stage.newHolder()
    await bothRemember(holder)
    const { reading, invalidatedAt } = await readThroughFrozenApi(holder, mode)
    expect(await reading).toEqual([newLimit])
    await onlyNewFrom(holder, invalidatedAt)
    stage.network.mode('all', 'pass')
    await onlyNewFrom(holder, invalidatedAt)
  })

  test('a first read that began before the write puts nothing back', async () => {
    const holder = await stage.newHolder()
    await slowReaderPutsNothingBack(holder, 'bounded')
  })

  test('a refreshing read that began before the write puts nothing back', async () => {
    const holder = await stage.newHolder()
    await bothRemember(holder)
    await slowReaderPutsNothingBack(holder, 'fresh')
  })

  // Shows that the second test above can fail: it is the same but for the header. The API serves
  // from memory for as long as its trust lasts, a second at least; where this machine was slower
  // than that, it is tried again.
  test('requests without no-cache would put the old value back', async () => {
    let isPutBack = false
    for (let attempt = 0; attempt < attemptsMax && !isPutBack; attempt += 1) {
      const holder = await stage.newHolder()
      isPutBack = await oldValueComesBack(holder)
    }
    expect(isPutBack).toBe(true)
  })

  /** Both have the old value in their own memory. */
  async function bothRemember(holder: Holder): Promise<void> {
    expect(await stage.shownByBot(holder, 'bounded')).toEqual([oldLimit])
    await eventually(
      'the Bot remembers',
      () => stage.bot.positions.peek(holder.userId) !== undefined,
    )
    expect(await stage.shownByApi(holder)).toEqual([oldLimit])
    await eventually('the API remembers', async () => {
      const { from } = await stage.heldByApi(holder, 'bounded')
      return from === 'memory'
    })
  }

  /** Freezes the API, writes, lets the Bot ask the frozen API, and wakes it. */
  async function readThroughFrozenApi(holder: Holder, mode: 'pass' | typeof heldBack) {
    stage.network.mode('subscriber', mode)
    stage.api.freeze()
    const invalidatedAt = await stage.changeLimit(holder)
    await eventually(
      'the Bot has heard',
      () => stage.bot.positions.peek(holder.userId) === undefined,
    )
    const request = stage.door.nextRequest()
    const reading = stage.shownByBot(holder, 'bounded')
    await request
    stage.api.resume()
    // In an object, because a promise that is returned as it is would be waited for here.
    return { reading, invalidatedAt }
  }

  async function slowReaderPutsNothingBack(holder: Holder, consistency: 'bounded' | 'fresh') {
    const answer = stage.door.holdNextAnswer()
    const early = stage.bot.positions.get(holder.userId, { consistency })
    expect(await answer.given).toContain(`"takeProfit":${oldLimit}`)
    stage.api.freeze()
    const invalidatedAt = await stage.changeLimit(holder)
    answer.letThrough()
    // Who began before the write may see what was before it.
    expect(await early).toMatchObject([{ takeProfit: oldLimit }])
    await stage.bot.settled()
    await expect(stage.heldByRedis(holder)).rejects.toMatchObject({ code: 'SP_NO_SOURCE' })
    const request = stage.door.nextRequest()
    const later = stage.shownByBot(holder, 'bounded')
    await request
    stage.api.resume()
    expect(await later).toEqual([newLimit])
    await onlyNewFrom(holder, invalidatedAt)
  }

  /** The Bot and Redis at once, the API strictly at once and otherwise within the bound. */
  async function onlyNewFrom(holder: Holder, invalidatedAt: number): Promise<void> {
    await stage.bot.settled()
    expect(await stage.heldByRedis(holder)).toEqual([newLimit])
    expect(await stage.shownByBot(holder, 'bounded')).toEqual([newLimit])
    expect(await stage.shownByBot(holder, 'strict')).toEqual([newLimit])
    const strict = await stage.heldByApi(holder, 'strict')
    expect(strict.limits).toEqual([newLimit])
    await onlyNewFromApi(holder, invalidatedAt)
    expect(await stage.shownByBot(holder, 'bounded')).toEqual([newLimit])
    expect(await stage.heldByRedis(holder)).toEqual([newLimit])
  }

  /** Reads until the bound has passed: a read that began after it, or after a new one, is new. */
  async function onlyNewFromApi(holder: Holder, invalidatedAt: number): Promise<void> {
    let isNew = false
    await eventually('the bound has passed', async () => {
      const isPassed = performance.now() - invalidatedAt > staleMsMax
      const [limit] = await stage.shownByApi(holder)
      if (isNew || isPassed) expect(limit).toBe(newLimit)
      isNew ||= limit === newLimit
      return isPassed
    })
  }

  async function oldValueComesBack(holder: Holder): Promise<boolean> {
    await bothRemember(holder)
    stage.door.takesNoCache = true
    const { reading } = await readThroughFrozenApi(holder, heldBack)
    // Too late, the API waits for the lease of the Bot, and the Bot for the API: no answer at all.
    const shown = await reading.catch(() => [])
    stage.door.takesNoCache = false
    stage.network.mode('all', 'pass')
    await stage.bot.settled()
    const [later] = await stage.shownByBot(holder, 'strict')
    return shown[0] === oldLimit && later === oldLimit
  }
})
