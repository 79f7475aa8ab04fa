import { expect, test } from 'vitest'
import { AsyncScope, Chains } from './async-scope.ts'

test('whatever is called in a chain finds its state, nothing else does', async () => {
  const scope = new AsyncScope<string>(new Chains())
  const found: (string | undefined)[] = []
  await scope.run('outer', async () => {
    found.push(scope.current)
    await scope.run('inner', async () => {
      await Promise.resolve()
      found.push(scope.current)
    })
    found.push(scope.current)
  })
  found.push(scope.current)
  expect(found).toEqual(['outer', 'inner', 'outer', undefined])
})

test('chains of several scopes are counted together until they have ended', async () => {
  const chains = new Chains()
  const [reads, writes] = [new AsyncScope<number>(chains), new AsyncScope<number>(chains)]
  const counts: number[] = []
  const failing = async () => {
    await reads.run(2, () => counts.push(chains.count))
    counts.push(chains.count)
    throw new Error('of the work')
  }
  await expect(writes.run(1, failing)).rejects.toThrow('of the work')
  const throwing = () => {
    throw new Error('at once')
  }
  await expect(reads.run(3, throwing)).rejects.toThrow('at once')
  expect(counts).toEqual([2, 1])
  expect(chains.count).toBe(0)
})
