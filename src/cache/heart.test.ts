import { beforeEach, describe, expect, test } from 'vitest'
import { Deferred } from '../base/deferred.ts'
import type { BeatReply } from '../core/contracts/store.ts'
import { AdaptiveMemory } from '../memory/index.ts'
import { type DeliveryWorld, deliveryWorld, trustMs } from './delivery-world.test-support.ts'
import type { Engine } from './engine.ts'
import { Heart } from './heart.ts'
import { QuarantineKeeper } from './quarantine-keeper.ts'

/** The longest pause, and the time that a beat is waited for. */
const pauseMsMax = 5_000

let world: DeliveryWorld
let heart: Heart
/** When beats were sent. */
let beatsMs: number[]
let answers: Deferred<BeatReply>[]
let isFrozen: boolean

beforeEach(async () => {
  world = await deliveryWorld()
  world.connect('stampA')
  beatsMs = []
  answers = []
  isFrozen = false
  const { engine, courier, clock } = world
  const store: Engine['store'] = new Proxy(engine.store, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name)
      if (typeof member !== 'function' || name !== 'beat') return member
      return (...request: unknown[]): unknown => {
        beatsMs.push(clock.now())
        if (!isFrozen) return member.apply(target, request)
        const answer = new Deferred<BeatReply>()
        answers.push(answer)
        return answer.promise
      }
    },
  })
  const memory = new AdaptiveMemory({ bytesMax: 1_000, entriesMax: 1 })
  const hurt = { ...engine, store, memory }
  const quarantines = new QuarantineKeeper(hurt, 30_000)
  heart = new Heart({ engine: hurt, courier, quarantines }, { settings: `1|1|${trustMs}` })
  heart.start()
})

const breaker = () => world.engine.partitions[0]?.breaker
const pausesMs = () => beatsMs.slice(1).map((ms, index) => ms - (beatsMs[index] ?? 0))

describe('a server that leaves beats unanswered', () => {
  test('is asked in pauses that grow to a bound', async () => {
    isFrozen = true
    await world.clock.advance(120_000)
    const pauses = pausesMs()
    expect(Math.max(...pauses)).toBeLessThanOrEqual(pauseMsMax + 2 * trustMs)
    expect(pauses.at(-1)).toBeGreaterThan(2 * (pauses[0] ?? 0) - trustMs)
    expect(beatsMs.length).toBeLessThan(40)
    heart.stop()
  })

  test('is avoided by callers, and asked at once when a late answer comes', async () => {
    isFrozen = true
    await world.clock.advance(60_100)
    expect(breaker()?.isOpen).toBe(true)
    isFrozen = false
    const { length } = beatsMs
    const late = { ...(await world.engine.store.beat(0, requestOf('late'))) }
    answers[0]?.resolve(late)
    await world.clock.advance(1)
    expect(beatsMs.length).toBe(length + 1)
    expect(breaker()?.isOpen).toBe(false)
    heart.stop()
  })

  test('is asked three times in Δ again once it answers', async () => {
    isFrozen = true
    await world.clock.advance(30_000)
    isFrozen = false
    await world.clock.advance(10_000)
    const from = beatsMs.length
    await world.clock.advance(10 * trustMs)
    expect(beatsMs.length - from).toBeGreaterThanOrEqual(29)
    heart.stop()
  })
})

const requestOf = (nonce: string) => {
  return { process: 'p', nonce, trustMs, settings: '', registryMs: 0, isFirst: false }
}
