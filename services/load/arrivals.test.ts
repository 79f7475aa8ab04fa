import { expect, it } from 'vitest'
import { letArrive } from './arrivals.ts'
import { Chance } from './chance.ts'

it('sends on, although nothing is answered, until the bound of what is under way', async () => {
  let answer = () => {}
  const answered = new Promise<void>((resolve) => {
    answer = resolve
  })
  let underWay = 0
  let most = 0
  let sent = 0
  const running = letArrive({
    perSecond: 1_000,
    seconds: 0.2,
    chance: new Chance(1),
    inFlightMax: 5,
    act: async () => {
      sent += 1
      underWay += 1
      most = Math.max(most, underWay)
      await answered
      underWay -= 1
    },
  })
  // Something that lasts longer: nothing of the first is answered before it has been sent.
  const longer = { perSecond: 20, seconds: 0.4, chance: new Chance(2), inFlightMax: 5 }
  await letArrive({ ...longer, act: async () => {} })
  answer()
  const { due, dropped, lagsMs } = await running
  expect(most).toBe(5)
  expect(dropped).toBeGreaterThan(0)
  expect(sent + dropped).toBe(due)
  expect(lagsMs).toHaveLength(due)
})

it('tells an action the moment that it was due, however late it is sent', async () => {
  const dues: number[] = []
  let isBlocked = false
  const { lagsMs } = await letArrive({
    perSecond: 200,
    seconds: 0.3,
    chance: new Chance(2),
    inFlightMax: 1_000,
    act: async (dueMs) => {
      dues.push(dueMs)
      if (isBlocked) return
      isBlocked = true
      const endMs = performance.now() + 60
      while (performance.now() < endMs);
    },
  })
  expect([...dues].sort((a, b) => a - b)).toEqual(dues)
  expect(Math.max(...lagsMs)).toBeGreaterThan(20)
})
