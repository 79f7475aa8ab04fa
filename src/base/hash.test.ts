import { expect, test } from 'vitest'
import { hash48 } from './hash.ts'

test('is 8 base64url characters', () => {
  for (const text of ['', 'a', 'ü€😀', 'x'.repeat(10_000)]) {
    expect(hash48(text)).toMatch(/^[A-Za-z0-9_-]{8}$/)
  }
})

test('never changes: it is written into slots that other versions read', () => {
  const golden = ['PnwLyi8O', 'FSTSp60c', 'mWA1GGH5']
  expect([hash48(''), hash48('staleproof'), hash48('ü€😀')]).toEqual(golden)
})

test('tells 200,000 similar texts apart', () => {
  const seen = new Set<string>()
  for (let index = 0; index < 200_000; index++) seen.add(hash48(`run:${index}`))
  expect(seen.size).toBe(200_000)
})

test('changes half of its bits when one bit of the text changes', () => {
  let flipped = 0
  const rounds = 2_000
  for (let round = 0; round < rounds; round++) {
    flipped += differingBits(hash48(`${round}a`), hash48(`${round}b`))
  }
  expect(flipped / rounds / 48).toBeGreaterThan(0.48)
  expect(flipped / rounds / 48).toBeLessThan(0.52)
})

function differingBits(left: string, right: string): number {
  const bits = BigInt(`0x${Buffer.from(left, 'base64url').toString('hex')}`)
  const other = BigInt(`0x${Buffer.from(right, 'base64url').toString('hex')}`)
  return [...(bits ^ other).toString(2)].filter((bit) => bit === '1').length
}
