import { describe, expect, test } from 'vitest'
import { corpus } from './corpus.test-support.ts'
import { envelopeOf, openedBy, sealedBy } from './envelope.test-support.ts'

/** Bytes of JSON, and of what is stored of it. */
interface Sizes {
  readonly plain: number
  readonly stored: number
}

const envelope = envelopeOf()

/** Of all corpus values with so many bytes, together: so they are weighted by bytes. */
async function sizesOf(fromBytes: number, toBytes: number): Promise<Sizes & { count: number }> {
  let [plain, stored, count] = [0, 0, 0]
  for (const { value } of corpus()) {
    const { sizeBytes } = envelope.encode(value)
    if (sizeBytes < fromBytes || sizeBytes >= toBytes) continue
    plain += sizeBytes
    stored += (await sealedBy(envelope, value)).payload.length
    count++
  }
  return { plain, stored, count }
}

describe('values of the running system', () => {
  test.each([
    ['1 to 2 KB', 1_024, 2_048, 25],
    ['2 to 10 KB', 2_048, 10_240, 35],
    ['10 KB and more', 10_240, Number.POSITIVE_INFINITY, 60],
  ])('of %s shrink, weighted by bytes, as promised', async (_, fromBytes, toBytes, percentMin) => {
    const { plain, stored, count } = await sizesOf(fromBytes, toBytes)
    expect(count).toBeGreaterThanOrEqual(5)
    expect((1 - stored / plain) * 100).toBeGreaterThanOrEqual(percentMin)
  })

  test('below 1 KB are stored as they are', async () => {
    const { plain, stored, count } = await sizesOf(0, 1_024)
    expect(count).toBeGreaterThan(10)
    expect(stored).toBe(plain)
  })

  test('come back equal', async () => {
    for (const { value } of corpus()) {
      expect(await openedBy(envelope, await sealedBy(envelope, value))).toEqual(value)
    }
  })
})
