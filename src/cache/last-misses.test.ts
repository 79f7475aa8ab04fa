import { expect, it } from 'vitest'
import { LastMisses, missesMax } from './last-misses.ts'

it('remembers a bounded number of misses, and of each key the last', () => {
  const misses = new LastMisses()
  misses.note('first', { from: 'source', why: 'absent', atMs: 0 })
  misses.note('again', { from: 'source', why: 'absent', atMs: 0 })
  for (let key = 0; key < missesMax - 2; key++) {
    misses.note(`key:${key}`, { from: 'source', why: 'void', atMs: 10 })
  }
  expect(misses.of('first', 15)).toEqual({ from: 'source', why: 'absent', agoMs: 15 })
  misses.note('again', { from: 'none', why: 'sourceFailed', atMs: 10 })
  expect(misses.of('first', 15)).toBeUndefined()
  expect(misses.of('again', 15)).toEqual({ from: 'none', why: 'sourceFailed', agoMs: 5 })
  expect(misses.of('key:0', 15)).toEqual({ from: 'source', why: 'void', agoMs: 5 })
  expect(misses.count).toBe(missesMax)
})
