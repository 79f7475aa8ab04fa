import { openCache } from 'staleproof'
import { expect, onTestFinished, test } from 'vitest'
import { eventually } from '../../test/servers/eventually.ts'
import { catalog } from '../domain/catalog.ts'
import { followedMax, isLargeMove, PriceMoves } from './price-moves.ts'

test('a move is large from the threshold on, up or down', () => {
  expect(isLargeMove(0.5, 0.55, 0.05)).toBe(true)
  expect(isLargeMove(0.55, 0.5, 0.05)).toBe(true)
  expect(isLargeMove(0.5, 0.549, 0.05)).toBe(false)
  expect(isLargeMove(0.7, 0.75, 0.05)).toBe(true)
})

test('so many markets are followed, and the one read longest ago makes room', async () => {
  const asked: string[] = []
  const many = (ids: readonly string[]) => {
    asked.push(...ids)
    return ids.map(() => undefined)
  }
  const cache = await openCache(catalog, {
    service: 'test',
    log: false,
    sources: { price: { many } },
  })
  onTestFinished(() => cache.close())
  const moves = new PriceMoves({ cache, threshold: 0.05, onMove: () => {} })
  onTestFinished(() => moves.close())
  for (let market = 0; market < followedMax; market += 1) moves.follow(`${market}`)
  moves.follow('0')
  for (let market = 0; market < 100; market += 1) moves.follow(`later ${market}`)
  expect(moves.followed).toBe(followedMax)
  await eventually('all are looked at', () => asked.length >= followedMax)
  expect(new Set(asked).size).toBe(followedMax)
  expect([asked.includes('0'), asked.includes('1')]).toEqual([true, false])
})
