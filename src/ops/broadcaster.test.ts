import { expect, test } from 'vitest'
import { VirtualClock } from '../testing/virtual-clock.ts'
import { Broadcaster } from './broadcaster.ts'
import { KeyBook } from './key-book.ts'

test('an overview that can not be had is said to the log, and the viewers stay', async () => {
  const clock = new VirtualClock()
  const errors: unknown[] = []
  const broadcaster = new Broadcaster({
    cache: { observe: () => () => {} },
    invalidations: {
      seen: 0,
      rows: () => [],
      follow: () => ({ take: () => ({ rows: [], dropped: 0 }), close: () => {} }),
    },
    keys: new KeyBook({}),
    clock,
    overview: () => Promise.reject(new Error('no Redis')),
    onError: (error) => void errors.push(error),
  })
  broadcaster.open({ signal: new AbortController().signal, mayStay: async () => true })
  await clock.advance(10_000)
  expect(errors.length).toBeGreaterThan(3)
  expect(broadcaster.viewers).toBe(1)
  broadcaster.close()
})
