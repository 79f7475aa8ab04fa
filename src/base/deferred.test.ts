import { expect, test } from 'vitest'
import { Deferred } from './deferred.ts'

test('is settled from outside, once', async () => {
  const deferred = new Deferred<number>()
  deferred.resolve(1)
  deferred.resolve(2)
  deferred.reject(new Error('late'))
  await expect(deferred.promise).resolves.toBe(1)
})

test('rejects with the reason that was given', async () => {
  const deferred = new Deferred<number>()
  deferred.reject('why')
  await expect(deferred.promise).rejects.toBe('why')
})
