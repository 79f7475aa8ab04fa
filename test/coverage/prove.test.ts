import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { chosen, parseArguments, UsageError } from './arguments.ts'
import { type CoverageEdit, edited } from './edit.ts'
import { outcomeOf, titlePattern } from './one-test.ts'

const checkout = fileURLToPath(new URL('../../', import.meta.url))
const caught = { file: 'src/a.test.ts', test: 'keeps it' }
const many: readonly CoverageEdit[] = Array.from({ length: 40 }, (_, index) => {
  return { row: `A${index}`, loses: '', file: 'src/a.ts', from: 'a', to: 'b', caught }
})
const rowsOf = (words: readonly string[]) =>
  chosen(many, parseArguments(words)).map(({ row }) => row)

test('twenty edits are chosen, each once, and the same by the same seed', () => {
  const rows = rowsOf(['--seed', '5'])
  expect(new Set(rows).size).toBe(20)
  expect(rowsOf(['--seed', '5'])).toEqual(rows)
  expect(rowsOf(['--seed', '6'])).not.toEqual(rows)
})

test('edits are chosen by number, by requirement, or all', () => {
  expect(rowsOf(['--count', '3'])).toHaveLength(3)
  expect([...rowsOf(['--rows', 'A2,A7'])].sort()).toEqual(['A2', 'A7'])
  expect(rowsOf(['--all'])).toHaveLength(40)
  expect(() => rowsOf(['--count', 'ten'])).toThrow(UsageError)
})

test('an edit is applied where its text stands once, and refused otherwise', () => {
  const edit = { file: 'a.ts', from: 'ttl: 5', to: 'ttl: 6' }
  expect(edited('{ ttl: 5 }', edit)).toBe('{ ttl: 6 }')
  expect(() => edited('{}', edit)).toThrow('found 0 times')
  expect(() => edited('ttl: 5, ttl: 5', edit)).toThrow('found 2 times')
})

test('a title with places stands for every title that fits', () => {
  const pattern = new RegExp(`^${titlePattern('runs a source of %i ms (once)')}$`)
  expect(pattern.test('runs a source of 200 ms (once)')).toBe(true)
  expect(pattern.test('runs a source of 200 ms once')).toBe(false)
})

test('a test that passes is seen to pass, and one that is not there is no proof', async () => {
  const file = 'src/base/crc16.test.ts'
  expect(await outcomeOf(checkout, { file, test: 'gives the published check value' })).toBe(
    'passed',
  )
  expect(await outcomeOf(checkout, { file, test: 'is not there' })).toBe('broken')
}, 120_000)
