import { expect, test } from 'vitest'
import type { InvalidateAsk } from '../core/contracts/store.ts'
import { encodeTag, familyTag } from '../core/tag.ts'
import { idOfWish, mergeWishes, nameOfWish, type Wish, wishesInWords } from './wish.ts'

const keyWish = (key: string, asked: Partial<InvalidateAsk> = {}): Wish => {
  const plain = { order: '', keepsOrder: false, floorMs: 0, tokens: [], settle: undefined }
  return { kind: 'key', ask: { key, ...plain, ...asked } }
}
const tagWish = (tag: string): Wish => ({ kind: 'tag', tag: encodeTag(tag) })
const familyWish: Wish = { kind: 'tag', tag: familyTag('market') }
const floor: Wish = { kind: 'floor' }

test('its name is for people: tags as they were given, families and everything as such', () => {
  const wishes = [keyWish('item:1'), tagWish('user:7 ü'), familyWish, floor]
  expect(wishes.map(nameOfWish)).toEqual(['item:1', 'tag:user:7 ü', 'family:market', '*'])
})

test('in the words of observers, tags are told apart from keys, each once', () => {
  const wishes = [keyWish('item:1'), tagWish('user:7'), familyWish, floor]
  const words = { keys: ['item:1', 'family:market', '*'], tags: ['user:7'] }
  expect(wishesInWords([...wishes, ...wishes])).toEqual(words)
})

test('a key that looks like a tag is a key, and a tag that looks like a family is a tag', () => {
  const wishes = [keyWish('tag:user:7'), tagWish('family:market')]
  expect(wishesInWords(wishes)).toEqual({ keys: ['tag:user:7'], tags: ['family:market'] })
})

test('those of one kind have the same id only if they mean the same', () => {
  expect(idOfWish(keyWish('item:1', { floorMs: 5 }))).toBe(idOfWish(keyWish('item:1')))
  expect(idOfWish(keyWish('item:1', { order: '5' }))).not.toBe(idOfWish(keyWish('item:1')))
  expect(idOfWish(tagWish('family:market'))).not.toBe(idOfWish(familyWish))
})

test('two for one key become one that removes and guards as much as both', () => {
  const one = keyWish('item:1', { order: '5', floorMs: 9, tokens: ['a', 'b'] })
  const settle = { token: 's', ms: 100 }
  const two = keyWish('item:1', { order: '7', keepsOrder: true, tokens: ['b'], settle })
  const both = { order: '7', keepsOrder: true, floorMs: 9, tokens: ['a', 'b'], settle }
  expect(mergeWishes(one, two)).toEqual(keyWish('item:1', both))
  const longer = keyWish('item:1', { settle: { token: 's', ms: 200 } })
  expect(mergeWishes(longer, two)).toMatchObject({ ask: { settle: { ms: 200 } } })
})
