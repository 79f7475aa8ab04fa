import { expect, it } from 'vitest'
import { LastMisses, missesMax } from './last-misses.ts'

it('remembers the last miss of a bounded number of keys, those that missed last', () => {
  const misses = new LastMisses()
  misses.note('first', { from: 'source', why: 'absent', atMs: 0 })
  misses.note('again', { from: 'source', why: 'absent', atMs: 0 })
  for (let key = 0; key < missesMax - 1; key++) {
    misses.note(`key:${key}`, { from: 'source', why: 'void', atMs: 10 })
    misses.note('again', { from: 'none', why: 'sourceFailed', atMs: 10 })
  }
  expect(misses.count).toBe(missesMax)
  expect(misses.of('first', 15)).toBeUndefined()
  expect(misses.of('again', 15)).toEqual({ from: 'none', why: 'sourceFailed', agoMs: 5 })
})
