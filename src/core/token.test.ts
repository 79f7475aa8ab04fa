import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatToken, joinTokens, parseToken, TOKEN_LENGTH_MAX, type TokenPart } from './token.ts'

const code = (value: string) => expect.objectContaining({ code: value })
const stamp = fc.option(fc.stringMatching(/^[A-Za-z0-9_-]{8}$/), { nil: undefined })
const part: fc.Arbitrary<TokenPart> = fc.record({
  partition: fc.integer({ min: 0, max: 255 }),
  stamp,
  epoch: stamp,
  seq: fc.option(fc.maxSafeNat(), { nil: undefined }),
  pending: fc.boolean(),
})
const parts = fc.uniqueArray(part, { selector: ({ partition }) => partition, maxLength: 16 })

test('a token of one partition looks like this', () => {
  const only = { partition: 0, stamp: 'AbCd_-12', epoch: 'EfGhIjKl', seq: 35, pending: false }
  expect(formatToken([only])).toBe('1.0~AbCd_-12~EfGhIjKl~z')
  expect(formatToken([{ ...only, seq: undefined, pending: true }])).toBe('1.0~AbCd_-12~EfGhIjKl~~p')
})

test('every token comes back, sorted by partition, and fits in a header or cookie', () => {
  fc.assert(
    fc.property(parts, (list) => {
      const token = formatToken(list)
      expect(token).toMatch(/^[A-Za-z0-9._~-]*$/)
      const sorted = [...list].sort((left, right) => left.partition - right.partition)
      expect(parseToken(token)).toEqual(sorted)
    }),
  )
})

test('the longest token of 64 partitions is within the bound', () => {
  const longest = (partition: number): TokenPart => ({
    partition,
    stamp: 'AbCd_-12',
    epoch: 'EfGhIjKl',
    seq: Number.MAX_SAFE_INTEGER,
    pending: true,
  })
  const token = formatToken(Array.from({ length: 64 }, (_, index) => longest(index)))
  expect(token.length).toBeLessThan(TOKEN_LENGTH_MAX)
})

test('one token for several says of each partition what comes last', () => {
  const at = (partition: number, seq: number) =>
    formatToken([{ partition, stamp: 'AbCd_-12', epoch: 'EfGhIjKl', seq, pending: false }])
  const joined = joinTokens([at(0, 5), at(1, 9), at(0, 4)])
  expect(parseToken(joined)).toMatchObject([
    { partition: 0, seq: 5 },
    { partition: 1, seq: 9 },
  ])
})

test('one token for several is as hard to see as the hardest of them', () => {
  const one = { partition: 0, stamp: 'AbCd_-12', epoch: 'EfGhIjKl', seq: 5, pending: false }
  const join = (...two: readonly TokenPart[]) =>
    parseToken(joinTokens(two.map((part) => formatToken([part]))))
  const pending = { ...one, seq: undefined, pending: true }
  for (const two of [
    [one, pending],
    [pending, one],
  ]) {
    expect(join(...two)).toMatchObject([{ pending: true }])
  }
  expect(join(one, { ...one, epoch: 'QrStUvWx', seq: 7 })).toMatchObject([{ seq: undefined }])
})

test.each([
  '',
  '2',
  '1.',
  '1.0',
  '1.0~a~b~1',
  '1.0~AbCd_-12~EfGhIjKl~01',
  '1.00~AbCd_-12~EfGhIjKl~1',
  '1.0~AbCd_-12~EfGhIjKl~1~q',
  '1.0~AbCd_-12~EfGhIjKl~1.0~AbCd_-12~EfGhIjKl~1',
  '1.1~AbCd_-12~EfGhIjKl~1.0~AbCd_-12~EfGhIjKl~1',
  '1.0~AbCd_-12~EfGhIjKl~zzzzzzzzzzz',
  '1.0~AbCd_-12~EfGhIjKl~-1',
  '1.0~AbCd_-12~EfGhIjKl~1\n',
  `1.${'x'.repeat(5_000)}`,
  7,
  null,
  {},
])('%j is no token', (text) => {
  expect(() => parseToken(text)).toThrow(code('SP_TOKEN_INVALID'))
})

test('garbage is refused, or is a token in its one form', () => {
  const unit = fc.constantFrom('1', '.', '~', 'A', 'p', '0', 'AbCd_-12')
  fc.assert(
    fc.property(fc.array(unit), (pieces) => {
      const text = `1.${pieces.join('')}`
      try {
        expect(formatToken(parseToken(text))).toBe(text)
      } catch (error) {
        expect(error).toMatchObject({ code: 'SP_TOKEN_INVALID' })
      }
    }),
  )
})
