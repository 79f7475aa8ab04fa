/** The scripts of the slot store, one file each; `embedded/` has the same steps in TypeScript. */
import { BEAT } from './beat.ts'
import { FILL } from './fill.ts'
import { INVALIDATE } from './invalidate.ts'
import { LEASE } from './lease.ts'
import { RAISE } from './raise.ts'
import { RELEASE } from './release.ts'
import { RENEW } from './renew.ts'
import { REPLACE } from './replace.ts'
import type { Script } from './script.ts'
import { SET } from './set.ts'

export { NOW_LINE } from './prelude.ts'
export type { Script } from './script.ts'
export { BEAT, FILL, INVALIDATE, LEASE, RAISE, RELEASE, RENEW, REPLACE, SET }

export const SCRIPTS: readonly Script[] = [
  LEASE,
  FILL,
  REPLACE,
  RENEW,
  RELEASE,
  SET,
  INVALIDATE,
  RAISE,
  BEAT,
]
