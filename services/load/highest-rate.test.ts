import { expect, it } from 'vitest'
import { highestRate, triesMax } from './highest-rate.ts'

function searched(limit: number, wanted: number) {
  const tried: number[] = []
  const isSustained = async (perSecond: number) => {
    tried.push(perSecond)
    return perSecond <= limit
  }
  return highestRate({ wanted, isSustained }).then((found) => ({ found, tried }))
}

it('is the wanted one where that is sustained, at the first try', async () => {
  expect(await searched(1_000, 300)).toEqual({ found: 300, tried: [300] })
})

it('is found to a twentieth of the wanted one, and is one that was sustained', async () => {
  const { found = 0, tried } = await searched(170, 300)
  expect(found).toBeLessThanOrEqual(170)
  expect(found).toBeGreaterThan(170 - 300 * 0.05)
  expect(tried.length).toBeLessThanOrEqual(triesMax)
})

it('is none where every try fails', async () => {
  const { found, tried } = await searched(0, 300)
  expect(found).toBeUndefined()
  expect(tried.length).toBeLessThanOrEqual(triesMax)
})
