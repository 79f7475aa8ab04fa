import { expect, it } from 'vitest'
import type { ValueSlot } from '../core/slot.ts'
import { judgeValue, type Surroundings } from './validity.ts'
import { voidReasons } from './void-reasons.ts'

const meta = { loadMs: 1, codec: 'j', absent: false, tags: ['user:7'] }
const slot: ValueSlot = {
  ...{ kind: 'value', stamp: 's', epoch: 'e', clock: 10, fid: 'f', order: '', schema: 'v' },
  ...{ bornMs: 1_000, softMs: 500, lifeMs: 1_000, meta, payload: '' },
}
const around: Surroundings = {
  ...{ stamp: 's', epoch: 'e', floor: 10, schema: 'v', serverMs: 1_500 },
  tagClock: () => 10,
}

it('gives every reason that stands, and none for a value that is served', () => {
  expect(voidReasons(slot, around)).toEqual([])
  const changes: readonly [string, Partial<Surroundings>][] = [
    ['otherIncarnation', { stamp: 'other' }],
    ['otherEpoch', { epoch: undefined }],
    ['belowFloor', { floor: 11 }],
    ['bornInFuture', { serverMs: 999 }],
    ['lifeOver', { serverMs: 2_000 }],
    ['otherVersion', { schema: 'w' }],
    ['tagInvalidated', { tagClock: () => 11 }],
  ]
  for (const [reason, change] of changes) {
    expect(voidReasons(slot, { ...around, ...change })).toEqual([reason])
  }
  expect(voidReasons(slot, { ...around, stamp: 'other', floor: 11 })).toHaveLength(2)
})

it('agrees with the judgement of reads on every combination', () => {
  const choices = [0, 1]
  for (const stamp of ['s', 'x'])
    for (const epoch of ['e', 'x'])
      for (const schema of ['v', 'x'])
        for (const floor of [10, 11])
          for (const serverMs of [999, 1_000, 1_999, 2_000])
            for (const newer of choices) {
              const seen = { stamp, epoch, schema, floor, serverMs, tagClock: () => 10 + newer }
              const isValid = judgeValue(slot, seen) === 'valid'
              expect(voidReasons(slot, seen).length === 0, JSON.stringify(seen)).toBe(isValid)
            }
})
