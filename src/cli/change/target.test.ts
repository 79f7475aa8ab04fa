import { expect, it } from 'vitest'
import { targetOf } from './target.ts'

it('is keys, tags, a family or a pattern', () => {
  expect(targetOf({ args: ['a', 'b'], flags: {} })).toEqual({ is: 'keys', keys: ['a', 'b'] })
  expect(targetOf({ args: [], flags: { tag: ['x'] } })).toEqual({ is: 'tags', tags: ['x'] })
  expect(targetOf({ args: [], flags: { family: 'f' } })).toEqual({ is: 'family', family: 'f' })
  expect(targetOf({ args: [], flags: { pattern: 'a*' } })).toEqual({ is: 'pattern', pattern: 'a*' })
})

it.each([
  ['nothing', { args: [], flags: {} }],
  ['two of them', { args: ['a'], flags: { family: 'f' } }],
])('is refused as %s', (_what, given) => {
  expect(() => targetOf(given)).toThrow(/only one of them/)
})

it.each(['*', '**'])('is refused as the pattern %s, which is clear', (pattern) => {
  expect(() => targetOf({ args: [], flags: { pattern } })).toThrow(/staleproof clear/)
})
