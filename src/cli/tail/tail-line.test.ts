import { expect, it } from 'vitest'
import type { Message } from '../../core/message.ts'
import { tailFields, tailLine } from './tail-line.ts'

const plain = (_colour: string, text: string) => text
const head = {
  epoch: 'e',
  seq: 7,
  origin: 'api.AAAAAAAAAAAAAAAA',
  serverMicros: 1_700_000_000_123_000,
  reason: 'import',
  barrier: undefined,
}

it.each<[Message, string]>([
  [{ kind: 'keys', ...head, keys: ['a:1'] }, 'key      a:1'],
  [
    { kind: 'keys', ...head, keys: ['1', '2', '3', '4', '5', '6', '7'] },
    'keys     1, 2, 3, 4, 5 and 2 more',
  ],
  [{ kind: 'tags', ...head, clock: 1, tags: ['user%3A7'] }, 'tag      user:7'],
  [{ kind: 'tags', ...head, clock: 1, tags: ['_market'] }, 'family   market'],
  [{ kind: 'floor', ...head, clock: 1 }, 'all      everything'],
  [{ kind: 'pattern', ...head, pattern: 'a:*' }, 'pattern  a:*'],
  [{ kind: 'set', ...head, key: 'a:1', order: '1' }, 'set      a:1'],
])('writes %j as a line with service and reason', (message, what) => {
  expect(tailLine(message, plain)).toBe(`22:13:20.123  api           ${what}  (import)`)
})

it('shows what a hostile service says without obeying it', () => {
  const message = { kind: 'keys', ...head, keys: ['a'], reason: '\u001b]0;x\u0007' } as const
  expect(tailLine(message, plain)).toContain('(\\u001b]0;x\\u0007)')
})

it('tells programs the whole of a message', () => {
  const message = { kind: 'tags', ...head, clock: 5, tags: ['_market', 'a'] } as const
  expect(tailFields(message)).toEqual({
    atMs: 1_700_000_000_123,
    kind: 'tag',
    origin: 'api.AAAAAAAAAAAAAAAA',
    reason: 'import',
    seq: 7,
    epoch: 'e',
    tags: ['family:market', 'a'],
    clock: 5,
  })
})
