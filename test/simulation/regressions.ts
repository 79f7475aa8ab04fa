/** Seeds that once failed, and why; they are run before all others. */
import type { Job } from './job.ts'

interface Regression extends Job {
  readonly was: string
}

export const regressions: readonly Regression[] = [
  {
    kind: 'messages',
    seed: 100,
    was: 'a set that found its version in the slot, put there by a refresh, told no memory',
  },
  {
    kind: 'clocks',
    seed: 160,
    operations: 300,
    was: 'a set left a value that was born in the future, which became valid again',
  },
]
