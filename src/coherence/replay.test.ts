import { beforeEach, expect, test } from 'vitest'
import type { Settle } from '../core/contracts/store.ts'
import { ReplayRing, replayWishesMax } from './replay.ts'
import { nameOfWish, type Wish } from './wish.ts'

const keyWish = (key: string, tokens: readonly string[] = [], settle?: Settle): Wish => {
  const rest = { order: '', keepsOrder: false, floorMs: 1_000, settle }
  return { kind: 'key', ask: { key, tokens, ...rest } }
}

let ring: ReplayRing

beforeEach(() => {
  ring = new ReplayRing()
})

const taken = (lastMs: number, tailMs: number) => ring.take({ lastMs, tailMs }).map(nameOfWish)

test('gives back what was acknowledged within the tail, oldest first', () => {
  ring.note(keyWish('old'), 100)
  ring.note(keyWish('edge'), 200)
  ring.note({ kind: 'tag', tag: '_market' }, 300)
  ring.note({ kind: 'floor' }, 400)
  expect(taken(400, 200)).toEqual(['edge', 'family:market', '*'])
})

test('counts the tail from the last sign of the server, if that came later', () => {
  ring.note(keyWish('a'), 100)
  ring.note(keyWish('b'), 250)
  expect(taken(400, 200)).toEqual(['b'])
})

test('counts the tail from the last acknowledgement, if no sign came later', () => {
  ring.note(keyWish('a'), 100)
  ring.note(keyWish('b'), 500)
  expect(taken(120, 400)).toEqual(['a', 'b'])
})

test('has nothing twice: what was taken belongs to another incarnation', () => {
  ring.note(keyWish('a'), 100)
  ring.take({ lastMs: 100, tailMs: 50 })
  expect(taken(100, 50)).toEqual([])
})

test('holds a key once, acknowledged last, with what all of its invalidations asked for', () => {
  ring.note(keyWish('a', [], { token: 'settle', ms: 500 }), 100)
  ring.note(keyWish('b'), 200)
  ring.note(keyWish('a', ['two']), 300)
  const wishes = ring.take({ lastMs: 300, tailMs: 150 })
  expect(wishes.map(nameOfWish)).toEqual(['b', 'a'])
  expect(wishes[1]).toMatchObject({ ask: { settle: { ms: 500 }, tokens: ['two'] } })
})

test('is bounded, and asks for everything once it has forgotten what is needed', () => {
  for (let index = 0; index <= replayWishesMax; index++) ring.note(keyWish(`k${index}`), index)
  expect(ring.size).toBe(replayWishesMax)
  expect(taken(replayWishesMax, replayWishesMax)).toEqual(['*'])
})

test('is complete as long as what it has forgotten is older than the tail', () => {
  for (let index = 0; index <= replayWishesMax; index++) ring.note(keyWish(`k${index}`), index)
  expect(taken(replayWishesMax, replayWishesMax - 1)).toHaveLength(replayWishesMax)
})

test('forgets all when nothing can have been lost', () => {
  ring.note(keyWish('a'), 100)
  ring.clear()
  expect(taken(100, 1_000)).toEqual([])
})

test('of a server that never acknowledged anything is empty', () => {
  expect(taken(Number.NEGATIVE_INFINITY, 1_000)).toEqual([])
})

test('keeps the quarantines of the newest write of a key alone', () => {
  for (let write = 0; write < 1_000; write++) ring.note(keyWish('item:1', [`token${write}`]), write)
  const [wish] = ring.take({ lastMs: 1_000, tailMs: 10_000 })
  expect(wish?.kind === 'key' && wish.ask.tokens).toEqual(['token999'])
})
