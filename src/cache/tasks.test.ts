import { describe, expect, test } from 'vitest'
import { Deferred } from '../base/deferred.ts'
import { Tasks } from './tasks.ts'

const settle = () => new Promise<void>((resolve) => setImmediate(resolve))

function watched() {
  const failures: unknown[] = []
  return { tasks: new Tasks((error) => failures.push(error)), failures }
}

describe('work that nobody awaits', () => {
  test('is counted until it has ended, well or badly', async () => {
    const { tasks } = watched()
    const [good, bad] = [new Deferred<void>(), new Deferred<void>()]
    tasks.run(good.promise)
    tasks.run(bad.promise)
    expect(tasks.count).toBe(2)
    good.resolve()
    await settle()
    expect(tasks.count).toBe(1)
    bad.reject(new Error('failed'))
    await settle()
    expect(tasks.count).toBe(0)
  })

  test('reports its failure once, and not to the process', async () => {
    const { tasks, failures } = watched()
    const failure = new Error('failed')
    tasks.run(Promise.reject(failure))
    await tasks.settled()
    expect(failures).toEqual([failure])
  })
})

describe('settled', () => {
  test('waits for everything that runs, also when some of it fails', async () => {
    const { tasks } = watched()
    const [first, second] = [new Deferred<void>(), new Deferred<void>()]
    tasks.run(first.promise)
    tasks.run(second.promise)
    let isSettled = false
    void tasks.settled().then(() => {
      isSettled = true
    })
    first.reject(new Error('failed'))
    await settle()
    expect(isSettled).toBe(false)
    second.resolve()
    await settle()
    expect(isSettled).toBe(true)
  })

  test('is immediate when nothing runs', async () => {
    await watched().tasks.settled()
  })

  test('does not wait for what begins afterwards', async () => {
    const { tasks } = watched()
    const first = new Deferred<void>()
    tasks.run(first.promise)
    const settled = tasks.settled()
    tasks.run(new Deferred<void>().promise)
    first.resolve()
    await settled
    expect(tasks.count).toBe(1)
  })
})
