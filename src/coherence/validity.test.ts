import { describe, expect, test } from 'vitest'
import type { ValueSlot } from '../core/slot.ts'
import { type Judgement, judgeValue, type Surroundings } from './validity.ts'

const slot: ValueSlot = {
  kind: 'value',
  stamp: 'stampAAA',
  epoch: 'epochAAA',
  clock: 1_000,
  fid: 'fid',
  order: '',
  schema: 'schemaAA',
  bornMs: 50_000,
  softMs: 10_000,
  lifeMs: 10_000,
  meta: { loadMs: 0, codec: 'json', absent: false, tags: ['_users', 'user:7'] },
  payload: '1',
}

const around: Surroundings = {
  stamp: 'stampAAA',
  epoch: 'epochAAA',
  floor: 1_000,
  tagClock: () => 1_000,
  schema: 'schemaAA',
  serverMs: 55_000,
}

const judge = (changes: Partial<Surroundings>, of: Partial<ValueSlot> = {}): Judgement =>
  judgeValue({ ...slot, ...of }, { ...around, ...changes })

describe('a value in a slot', () => {
  test('is valid when nothing speaks against it', () => {
    expect(judge({})).toBe('valid')
  })

  test.each<[string, Partial<Surroundings>]>([
    ['another incarnation', { stamp: 'stampBBB' }],
    ['another epoch', { epoch: 'epochBBB' }],
    ['an epoch that was lost', { epoch: undefined }],
    ['a time before the floor', { floor: 1_001 }],
    ['a time before its tag', { tagClock: (tag) => (tag === 'user:7' ? 1_001 : 0) }],
    ['a birth in the future', { serverMs: 49_999 }],
    ['a life that has just ended', { serverMs: 60_000 }],
  ])('is void because of %s', (_, changes) => {
    expect(judge(changes)).toBe('void')
  })

  test('is valid until the last millisecond of its life, and in that of its birth', () => {
    expect(judge({ serverMs: 59_999 })).toBe('valid')
    expect(judge({ serverMs: 50_000.2 }, { bornMs: 50_000 })).toBe('valid')
  })

  test('of another family version is told apart, but only while it is not void', () => {
    expect(judge({ schema: 'schemaBB' })).toBe('otherVersion')
    expect(judge({ schema: 'schemaBB', floor: 1_001 })).toBe('void')
  })

  test('with a tag nobody asked about is not valid yet', () => {
    expect(judge({ tagClock: (tag) => (tag === 'user:7' ? undefined : 0) })).toBe('tagsUnknown')
  })

  test('is void for a known tag even where another tag is unknown', () => {
    expect(judge({ tagClock: (tag) => (tag === 'user:7' ? 2_000 : undefined) })).toBe('void')
  })
})
