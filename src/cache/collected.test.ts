import { expect, test } from 'vitest'
import { Collected } from './collected.ts'

test('resolves, aligned, when the last item is there', async () => {
  const collected = new Collected<string>(3)
  collected.put(2, 'c')
  const all = collected.all()
  collected.put(0, 'a')
  collected.put(1, 'b')
  expect(await all).toEqual(['a', 'b', 'c'])
})

test('resolves what was complete before anybody asked, and nothing of nothing', async () => {
  const collected = new Collected<number>(1)
  collected.put(0, 1)
  expect(await collected.all()).toEqual([1])
  expect(await new Collected<number>(0).all()).toEqual([])
})

test('rejects with the first failure, before the rest has come', async () => {
  const collected = new Collected<number>(3)
  const failure = new Error('first')
  const good = collected.allGood()
  collected.fail(failure)
  collected.fail(new Error('second'))
  collected.put(0, 1)
  await expect(good).rejects.toBe(failure)
})

test("a failure that came before anybody asked is told, and is nobody else's", async () => {
  const collected = new Collected<number>(1)
  const failure = new Error('early')
  collected.fail(failure)
  await new Promise((resolve) => setImmediate(resolve))
  await expect(collected.allGood()).rejects.toBe(failure)
})
