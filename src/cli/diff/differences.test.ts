import { expect, it } from 'vitest'
import type { DeclaredFamily } from '../../observe/index.ts'
import { differencesBetween } from './differences.ts'

const declared: DeclaredFamily = {
  template: 'a:{id}',
  version: 'v1',
  ttlMs: 1_000,
  maxStaleMs: 0,
  codec: 'json',
  isEncrypted: false,
  isSensitive: false,
  hasSource: true,
  hitTarget: undefined,
}

it('finds fields that differ, by side', () => {
  const sides = { old: { a: declared }, new: { a: { ...declared, ttlMs: 2_000, hitTarget: 0.9 } } }
  expect(differencesBetween(sides)).toEqual([
    { family: 'a', field: 'ttlMs', values: { old: '1000', new: '2000' } },
    { family: 'a', field: 'hitTarget', values: { old: 'absent', new: '0.9' } },
  ])
})

it('finds a family that one side does not have', () => {
  const sides = { old: { a: declared, b: declared }, new: { a: declared } }
  const values = { old: 'declared', new: 'absent' }
  expect(differencesBetween(sides)).toEqual([{ family: 'b', field: 'family', values }])
})

it('takes it for no difference that only one of them loads a family', () => {
  const sides = { api: { a: declared }, bot: { a: { ...declared, hasSource: false } } }
  expect(differencesBetween(sides)).toEqual([])
})
