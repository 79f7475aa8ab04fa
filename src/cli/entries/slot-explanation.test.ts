import { describe, expect, it } from 'vitest'
import type { ValueSlot } from '../../core/slot.ts'
import type { OneSlot } from './one-slot.ts'
import { redisExplanation } from './slot-explanation.ts'

const nowMs = 1_700_000_000_000
const slot: ValueSlot = {
  kind: 'value',
  stamp: 'stamp',
  epoch: 'epoch',
  clock: 5_000,
  fid: 'fid',
  order: '',
  schema: 'v2',
  bornMs: nowMs - 10_000,
  softMs: 20_000,
  lifeMs: 60_000,
  meta: { loadMs: 3, codec: 'j', absent: false, tags: ['a'] },
  payload: '',
}
const one: OneSlot = {
  key: 'k',
  name: '{ns:0}:k:k',
  partition: 0,
  serverMs: nowMs,
  slot,
  ttlMs: 50_000,
  bytes: 100,
  epoch: 'epoch',
  floor: 4_000,
  stamp: 'stamp',
  tagClocks: new Map([['a', 4_500]]),
}

function explained(changed: Partial<OneSlot>, versions: readonly string[] = ['v2']) {
  const redis = redisExplanation({ ...one, ...changed }, versions)
  if (!redis.isRead) throw new Error('it is read')
  return redis.slot
}

describe('a value', () => {
  it('is valid as long as nothing speaks against it', () => {
    expect(explained({})).toMatchObject({
      kind: 'value',
      isValid: true,
      voidBecause: [],
      ageMs: 10_000,
      softLeftMs: 10_000,
      lifeLeftMs: 50_000,
    })
  })

  it.each<[string, Partial<OneSlot>]>([
    ['otherIncarnation', { stamp: 'another' }],
    ['otherEpoch', { epoch: undefined }],
    ['belowFloor', { floor: 5_001 }],
    ['bornInFuture', { serverMs: nowMs - 10_001 }],
    ['lifeOver', { serverMs: nowMs + 50_000 }],
    ['tagInvalidated', { tagClocks: new Map([['a', 5_001]]) }],
  ])('is void: %s', (reason, changed) => {
    expect(explained(changed)).toMatchObject({ isValid: false, voidBecause: [reason] })
  })

  it('of a version that no live process declares is void; nobody knows where none does', () => {
    expect(explained({}, ['v3'])).toMatchObject({ voidBecause: ['otherVersion'] })
    expect(explained({}, [])).toMatchObject({ isValid: true })
  })
})

describe('a slot', () => {
  it('that is no value is told as what it is', () => {
    expect(explained({ slot: undefined })).toEqual({ kind: 'absent' })
    expect(explained({ slot: 'damaged' })).toEqual({ kind: 'damaged' })
    const writers = [
      { token: 'a', deadlineMs: nowMs + 1_000 },
      { token: 'b', deadlineMs: nowMs + 3_000 },
    ]
    const quarantine = {
      kind: 'quarantine',
      stamp: 'stamp',
      flagged: true,
      order: '',
      writers,
    } as const
    expect(explained({ slot: quarantine })).toEqual({
      kind: 'quarantine',
      writers: 2,
      leftMs: 3_000,
    })
  })
})
