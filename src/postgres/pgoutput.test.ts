import { expect, test } from 'vitest'
import { PgoutputDecoder } from './pgoutput.ts'

const int = (bytes: number, value: number): number[] =>
  Array.from({ length: bytes }, (_, at) => Math.floor(value / 256 ** (bytes - 1 - at)) % 256)
const text = (value: string): number[] => [...Buffer.from(value), 0]
const letter = (value: string): number[] => [...Buffer.from(value)]
const value = (content: string): number[] => {
  const bytes = Buffer.from(content)
  return [...letter('t'), ...int(4, bytes.length), ...bytes]
}
const column = (name: string): number[] => [0, ...text(name), ...int(4, 23), ...int(4, 0)]
const relation = [
  ...letter('R'),
  ...int(4, 9),
  ...text('public'),
  ...text('users'),
  ...letter('f'),
  ...int(2, 2),
  ...column('id'),
  ...column('größe'),
]
const tuple = (...values: readonly number[][]): number[] => [
  ...int(2, values.length),
  ...values.flat(),
]

function decoded(...messages: readonly number[][]): PgoutputDecoder {
  const decoder = new PgoutputDecoder()
  for (const message of messages) decoder.read(Buffer.from(message))
  return decoder
}

test('rows have their table, and a row that moved is there twice', () => {
  const row = [...letter('U'), ...int(4, 9)]
  const before = [...letter('O'), ...tuple(value('1'), value('ä'))]
  const after = [...letter('N'), ...tuple(value('2'), letter('n'))]
  const { changes, tables } = decoded(relation, [...row, ...before, ...after])
  const rows = [
    { id: '1', größe: 'ä' },
    { id: '2', größe: null },
  ]
  expect(changes).toEqual([{ kind: 'row', table: 'public.users', rows }])
  expect(tables).toEqual(['public.users'])
})

test('a large value that did not change is taken from the old row', () => {
  const message = [
    ...[...letter('U'), ...int(4, 9)],
    ...[...letter('O'), ...tuple(value('1'), value('large'))],
    ...[...letter('N'), ...tuple(value('1'), letter('u'))],
  ]
  const [change] = decoded(relation, message).changes
  expect(change).toMatchObject({ rows: [{ größe: 'large' }, { größe: 'large' }] })
})

test('a large value that did not change is missing where the old row is', () => {
  const message = [...letter('U'), ...int(4, 9), ...letter('N'), ...tuple(value('1'), letter('u'))]
  expect(decoded(relation, message).changes).toMatchObject([{ rows: [{ id: '1' }] }])
})

test('knows transactions and where the last of them ends', () => {
  const begin = [...letter('B'), ...int(8, 1), ...int(8, 2), ...int(4, 4_000_000_000)]
  const commit = [
    ...letter('C'),
    0,
    ...int(8, 1),
    ...int(4, 0x16),
    ...int(4, 0xb374d848),
    ...int(8, 3),
  ]
  const decoder = decoded(begin, commit)
  expect([...decoder.transactionIds]).toEqual(['4000000000'])
  expect(decoder.endLsn).toBe('16/B374D848')
})

test('a TRUNCATE names each of its tables', () => {
  const truncate = [...letter('T'), ...int(4, 1), 0, ...int(4, 9)]
  expect(decoded(relation, truncate).changes).toEqual([{ kind: 'table', table: 'public.users' }])
})

test.each([
  ['an unknown message', [...letter('?')]],
  ['an unknown relation', [...letter('I'), ...int(4, 8), ...letter('N'), ...tuple()]],
  ['a message that is cut short', [...letter('I'), 0]],
])('refuses %s instead of guessing', (_what, message) => {
  expect(() => decoded(message)).toThrow('SP_INTERNAL')
})
