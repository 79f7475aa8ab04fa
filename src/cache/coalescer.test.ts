import { beforeEach, describe, expect, test } from 'vitest'
import type { Wish } from '../coherence/index.ts'
import { VirtualClock } from '../testing/virtual-clock.ts'
import { Coalescer, openMax } from './coalescer.ts'
import { invalidateKeysMax } from './courier.ts'
import { askOf } from './delivery-world.test-support.ts'
import type { Saying } from './send-wishes.ts'

let clock: VirtualClock
/** In the order in which they left, by the names of what they say. */
let said: Saying[]
let tick: Coalescer<number>
let window: Coalescer<number>

beforeEach(() => {
  clock = new VirtualClock()
  said = []
  const carryOut = async (saying: Saying) => said.push(saying)
  tick = new Coalescer({ clock, windowMs: 0, carryOut })
  window = new Coalescer({ clock, windowMs: 5, carryOut })
})

const keyWish = (key: string, tokens: string[] = []): Wish => {
  return { kind: 'key', ask: askOf(key, { tokens }) }
}
const keys = (reason: string, ...names: string[]): Saying => {
  return { partition: 0, reason, wishes: names.map((name) => keyWish(name)) }
}
const words = () =>
  said.map(({ reason, wishes }) => {
    const names = wishes.map((wish) => (wish.kind === 'key' ? wish.ask.key : wish.kind))
    return `${reason}: ${names.join(' ')}`
  })

describe('what is said in one tick', () => {
  test('leaves at once if it is the first', async () => {
    void tick.say(keys('r', 'a'))
    expect(words()).toEqual(['r: a'])
    await clock.advance(0)
    void tick.say(keys('r', 'b'))
    expect(words()).toEqual(['r: a', 'r: b'])
  })

  test('behind the first is one saying, whose answer everybody gets', async () => {
    const answers = ['first', 'a', 'b', 'c'].map((key) => tick.say(keys('r', key)))
    expect(words()).toEqual(['r: first'])
    await clock.advance(0)
    expect(words()).toEqual(['r: first', 'r: a b c'])
    expect(await Promise.all(answers)).toEqual([1, 2, 2, 2])
  })

  test('by what carries out the first waits behind it', async () => {
    const carryOut = async (saying: Saying) => {
      said.push(saying)
      if (said.length === 1) void nested.say(keys('r', 'b'))
    }
    const nested: Coalescer<void> = new Coalescer({ clock, windowMs: 0, carryOut })
    void nested.say(keys('r', 'a'))
    expect(words()).toEqual(['r: a'])
    await clock.advance(0)
    expect(words()).toEqual(['r: a', 'r: b'])
  })

  test('of a key that waits does not overtake it, should the next tick have begun', async () => {
    void tick.say(keys('r', 'a'))
    clock.endOfTick(() => void tick.say(keys('s', 'b')))
    void tick.say(keys('r', 'b'))
    await clock.advance(0)
    expect(words()).toEqual(['r: a', 'r: b', 's: b'])
  })

  test('is apart for each reason, kind and partition', async () => {
    void tick.say(keys('first', 'a'))
    void tick.say(keys('r', 'a'))
    void tick.say(keys('s', 'b'))
    void tick.say({ ...keys('r', 'c'), partition: 1 })
    void tick.say({ partition: 0, reason: 'r', wishes: [{ kind: 'floor' }] })
    void tick.say(keys('r', 'd'))
    await clock.advance(0)
    expect(words()).toEqual(['first: a', 'r: a d', 's: b', 'r: c', 'r: floor'])
  })

  test('of one key leaves in the order of the calls', async () => {
    void tick.say(keys('first', 'b'))
    void tick.say(keys('r', 'a', 'b'))
    void tick.say(keys('s', 'c'))
    void tick.say(keys('s', 'b'))
    void tick.say(keys('r', 'b'))
    expect(words()).toEqual(['first: b', 'r: a b', 's: c b'])
    await clock.advance(0)
    expect(words()).toEqual(['first: b', 'r: a b', 's: c b', 'r: b'])
  })

  test('of one key and reason asks once for as much as all calls', async () => {
    for (const token of ['first', 'one', 'two']) {
      void tick.say({ ...keys('r'), wishes: [keyWish('a', [token])] })
    }
    await clock.advance(0)
    expect(said).toMatchObject([
      { wishes: [{ ask: { key: 'a', tokens: ['first'] } }] },
      { wishes: [{ ask: { key: 'a', tokens: ['one', 'two'] } }] },
    ])
  })

  test('forgets no quarantine that is to be released', async () => {
    const tokens = Array.from({ length: 250 }, (_, at) => `token${at}`)
    for (const token of tokens) {
      void tick.say({ ...keys('r'), wishes: [keyWish('a', [token])] })
    }
    await clock.advance(0)
    const released = said.flatMap(({ wishes }) =>
      wishes.flatMap((wish) => (wish.kind === 'key' ? wish.ask.tokens : [])),
    )
    expect(released).toEqual(tokens)
    expect(said).toHaveLength(4)
  })

  test('leaves at once when a script call is full', async () => {
    const names = Array.from({ length: invalidateKeysMax }, (_, at) => `k${at}`)
    for (const key of ['first', 'a']) void tick.say(keys('r', key))
    void tick.say(keys('r', ...names))
    expect(said.map(({ wishes }) => wishes.length)).toEqual([1, 1, invalidateKeysMax])
    await clock.advance(0)
    expect(said).toHaveLength(3)
  })

  test('waits for no more reasons than the bound', async () => {
    void tick.say(keys('first', 'k'))
    for (let at = 0; at <= openMax; at++) void tick.say(keys(`r${at}`, `k${at}`))
    expect(words()).toEqual(['first: k', 'r0: k0'])
    await clock.advance(0)
    expect(said).toHaveLength(openMax + 2)
  })
})

describe('with a window', () => {
  test('it leaves when the first of it has waited that long', async () => {
    void window.say(keys('r', 'a'))
    await clock.advance(4)
    void window.say(keys('r', 'b'))
    expect(said).toEqual([])
    await clock.advance(1.1)
    expect(words()).toEqual(['r: a b'])
    void window.say(keys('r', 'c'))
    await clock.advance(4.9)
    expect(said).toHaveLength(1)
  })

  test('it leaves at once when it is asked to hurry, once', async () => {
    void window.say(keys('r', 'a'))
    void window.say({ ...keys('r', 'b'), partition: 1 })
    window.hurry(1)
    expect(words()).toEqual(['r: b'])
    window.hurry()
    expect(words()).toEqual(['r: b', 'r: a'])
    await clock.advance(10)
    expect(said).toHaveLength(2)
  })

  test('everybody is told that it failed', async () => {
    const failing = new Coalescer({
      ...{ clock, windowMs: 5 },
      carryOut: () => Promise.reject(new Error('ours')),
    })
    const ends = Promise.allSettled([failing.say(keys('r', 'a')), failing.say(keys('r', 'b'))])
    await clock.advance(6)
    expect((await ends).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  })
})

test('a release leaves with its tick, whatever the window, and takes others along', async () => {
  void window.say(keys('r', 'a'))
  await clock.advance(1)
  void window.say({ partition: 0, reason: 'r', wishes: [keyWish('b', ['token'])] })
  expect(said).toEqual([])
  await clock.advance(0)
  expect(words()).toEqual(['r: a b'])
})
