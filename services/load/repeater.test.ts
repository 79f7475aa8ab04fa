import { expect, it } from 'vitest'
import { Repeater } from './repeater.ts'

it('goes on until it is stopped, and waits for what is under way', async () => {
  let ended = 0
  let third = () => {}
  const isThird = new Promise<void>((resolve) => {
    third = resolve
  })
  const repeater = new Repeater(async () => {
    await Promise.resolve()
    ended += 1
    if (ended === 3) third()
    return ended < 3 ? 0 : 60_000
  })
  repeater.start()
  await isThird
  await repeater.stop()
  expect(ended).toBe(3)
})

it('tells at its end what it failed of', async () => {
  const repeater = new Repeater(() => Promise.reject(new Error('no provider')))
  repeater.start()
  await expect(repeater.stop()).rejects.toThrow('no provider')
})
