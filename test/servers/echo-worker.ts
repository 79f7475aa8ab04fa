/** The worker of the smoke test. */
import { serveCalls } from './worker.ts'

interface Init {
  readonly start: number
}

export interface EchoCalls {
  readonly [name: string]: (...args: never[]) => unknown
  readonly add: (count: number) => number
  readonly whereIsTheLibrary: () => string
  readonly fail: (code: string) => never
  readonly never: () => Promise<never>
}

serveCalls(({ start }: Init): EchoCalls => {
  let total = start
  return {
    add: (count) => {
      total += count
      return total
    },
    whereIsTheLibrary: () => import.meta.resolve('staleproof'),
    fail: (code) => {
      throw Object.assign(new TypeError('as asked'), { code })
    },
    never: () => new Promise(() => {}),
  }
})
