import { describe, expect, test } from 'vitest'
import { Ghosts } from './ghosts.ts'
import { hashOfId } from './id-hash.ts'

const hashes = Array.from({ length: 100_000 }, (_, at) => hashOfId(`id ${at}`))

function filled(count: number, limit: number): Ghosts {
  const ghosts = new Ghosts()
  for (const hash of hashes.slice(0, count)) ghosts.add(hash, limit)
  return ghosts
}

describe('ghosts', () => {
  test('are known once', () => {
    const ghosts = filled(1, 100)
    const hash = hashes[0] ?? 0
    expect([ghosts.take(hash, 100), ghosts.take(hash, 100)]).toEqual([true, false])
    expect(ghosts.count).toBe(0)
  })

  test('of lately are nearly all known, those beyond the limit are not', () => {
    const limit = 4_096
    const ghosts = filled(50_000, limit)
    const known = (from: number, to: number) =>
      hashes.slice(from, to).filter((hash) => ghosts.take(hash, limit)).length
    expect(known(50_000 - limit / 2, 50_000)).toBeGreaterThan((limit / 2) * 0.9)
    expect(known(0, 50_000 - limit)).toBeLessThan(20)
  })

  test('are bounded by the limit, rounded up', () => {
    expect(filled(100_000, 5_000).count).toBeLessThanOrEqual(8_192)
  })

  test('that were never added are hardly ever taken for others', () => {
    const ghosts = filled(50_000, 65_536)
    const strangers = hashes.slice(50_000).filter((hash) => ghosts.take(hash, 65_536))
    expect(strangers.length).toBeLessThan(50)
  })

  test('are forgotten when they are cleared', () => {
    const ghosts = filled(10, 100)
    ghosts.clear()
    expect([ghosts.count, ghosts.take(hashes[0] ?? 0, 100)]).toEqual([0, false])
  })
})
