import { expect, test } from 'vitest'
import { TtlNotes, ttlNotesMax } from './ttl-notes.ts'

const ttl = { ms: 10, because: [] }
const noteTo = (overMs: number) => ({ ttl, loadMs: 1, overMs })

test('a note is found by the fill it was made for', () => {
  const notes = new TtlNotes()
  notes.add('a', noteTo(10), 0)
  expect(notes.of('a')).toMatchObject({ ttl, loadMs: 1 })
  expect(notes.of('b')).toBeUndefined()
})

test('what is over makes room', () => {
  const notes = new TtlNotes()
  for (let fid = 0; fid < 50; fid++) notes.add(`old ${fid}`, noteTo(10), 0)
  for (let fid = 0; fid < 50; fid++) notes.add(`new ${fid}`, noteTo(99), 10)
  expect(notes.count).toBe(50)
  expect(notes.of('new 0')).toBeDefined()
})

test('their number is bounded, and those in use stay', () => {
  const notes = new TtlNotes()
  for (let fid = 0; fid < ttlNotesMax; fid++) notes.add(String(fid), noteTo(10), 0)
  expect(notes.add('one more', noteTo(10), 0)).toBe(false)
  expect(notes.of('0')).toBeDefined()
  expect(notes.add('0', noteTo(20), 0)).toBe(true)
})
