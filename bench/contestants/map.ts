/** A Map and an await: below it no cache with an asynchronous `get` can be. */
import type { Contestant } from '../contestant.ts'
import { accessMask, keyCount, quoteOf, textIds, zipfNumbers } from '../workload.ts'

export function awaitedMap(name: string): Contestant {
  const map = new Map<string, unknown>()
  let keys: readonly string[] = []
  let at = 0
  return {
    name,
    async prepare() {
      for (let number = 0; number < keyCount; number++) {
        map.set(textIds.of(number), quoteOf(number))
      }
      keys = zipfNumbers().map(textIds.of)
    },
    async run(operations) {
      let good = 0
      for (let operation = 0; operation < operations; operation++) {
        at = (at + 1) & accessMask
        if ((await map.get(keys[at] ?? '')) !== undefined) good++
      }
      return good
    },
    close: async () => {},
  }
}
