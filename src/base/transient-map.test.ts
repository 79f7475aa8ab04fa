import { expect, test } from 'vitest'
import { TransientMap } from './transient-map.ts'

const hostile = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', '', '0', 'a:b']

test('has nothing before something was set', () => {
  const map = new TransientMap<number>()
  expect(hostile.map((name) => [map.has(name), map.get(name)])).toEqual(
    hostile.map(() => [false, undefined]),
  )
  expect([map.names(), map.values()]).toEqual([[], []])
})

test('keeps any text as a plain name, until it is deleted', () => {
  const map = new TransientMap<number>()
  for (const [index, name] of hostile.entries()) map.set(name, index)
  expect(hostile.map((name) => map.get(name))).toEqual([0, 1, 2, 3, 4, 5, 6])
  map.set('a:b', 60)
  map.delete('__proto__')
  map.delete('unknown')
  expect(map.names().toSorted()).toEqual(hostile.slice(1).toSorted())
  expect(map.values().toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 60])
})

test('shows names as they were, whatever is deleted meanwhile', () => {
  const map = new TransientMap<number>()
  for (const name of ['a', 'b', 'c']) map.set(name, 1)
  const seen: string[] = []
  for (const name of map.names()) {
    for (const other of ['a', 'b', 'c']) map.delete(other)
    seen.push(name)
  }
  expect(seen).toEqual(['a', 'b', 'c'])
})
