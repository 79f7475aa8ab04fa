import { expect, test } from 'vitest'
import { TransientMap } from './transient-map.ts'

const hostile = ['__proto__', 'constructor', 'toString', '', '0', 'a:b']

test('has nothing before something was set', () => {
  const map = new TransientMap<string, number>()
  expect(hostile.map((name) => [map.has(name), map.get(name)])).toEqual(
    hostile.map(() => [false, undefined]),
  )
  expect([[...map.keys()], [...map.values()]]).toEqual([[], []])
})

test('keeps any key until it is deleted', () => {
  const map = new TransientMap<string, number>()
  for (const [index, name] of hostile.entries()) map.set(name, index)
  expect(hostile.map((name) => map.get(name))).toEqual([0, 1, 2, 3, 4, 5])
  map.set('a:b', 60)
  map.delete('__proto__')
  map.delete('unknown')
  expect([...map.keys()]).toEqual(hostile.slice(1))
  expect([...map.values()]).toEqual([1, 2, 3, 4, 60])
})

test('keeps what stays, however much comes and goes beside it', () => {
  const map = new TransientMap<number, string>()
  for (let stays = 1; stays < 3_000; stays++) map.set(-stays, `stays ${stays}`)
  for (let comes = 1; comes <= 20_000; comes++) {
    map.set(comes, `comes ${comes}`)
    if (comes > 10) map.delete(comes - 10)
  }
  expect([...map.keys()].filter((key) => key > 0)).toHaveLength(10)
  for (let stays = 1; stays < 3_000; stays++) expect(map.get(-stays)).toBe(`stays ${stays}`)
})
