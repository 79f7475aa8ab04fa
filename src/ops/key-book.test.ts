import { expect, test } from 'vitest'
import { KeyBook } from './key-book.ts'

const declared = { version: 'a', ttlMs: 1_000, maxStaleMs: 0, codec: 'json', isEncrypted: false }
const others = { hasSource: true, hitTarget: undefined }

function declaredAs(template: string, isSensitive = false) {
  return { ...declared, ...others, template, isSensitive }
}

const keys = new KeyBook({
  market: declaredAs('market:{marketId}'),
  positions: declaredAs('api:positions:{userId:int}'),
  secret: declaredAs('secret:{name}', true),
})

test.each(['market:*', 'mark*', '*', '**', '?*', 'market:?*', 'market:??????', '*t:*', 'api:*:*'])(
  'the pattern %s means all of a family',
  (pattern) => expect(keys.isAllOfAny(pattern)).toBe(true),
)

test.each(['market:1*', '*7', 'market', 'market:?1', 'api:positions:7', 'other:*'])(
  'the pattern %s means some keys alone',
  (pattern) => expect(keys.isAllOfAny(pattern)).toBe(false),
)

test.each([
  ['secret:hunter*', 'secret:*'],
  ['sec*ter2', 'sec*'],
  ['*hunter2', '*'],
  ['market:1*', 'market:1*'],
])('the pattern %s is shown as %s', (pattern, shown) => {
  expect(keys.shownPattern(pattern)).toBe(shown)
})

test.each([
  ['name:hunter2', 'name:*'],
  ['userId:7', 'userId:7'],
  ['hot', 'hot'],
])('the tag %s is shown as %s', (tag, shown) => expect(keys.shownTag(tag)).toBe(shown))
