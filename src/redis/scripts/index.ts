/** The scripts of the slot store, one file each; `embedded/` has the same steps in TypeScript. */
import { BEAT } from './beat.ts'
import { FILL } from './fill.ts'
import { INVALIDATE } from './invalidate.ts'
import { LEASE } from './lease.ts'
import { LOCK, UNLOCK } from './lock.ts'
import { PLACE } from './place.ts'
import { RAISE } from './raise.ts'
import { RELEASE } from './release.ts'
import { RENEW } from './renew.ts'
import { REPLACE } from './replace.ts'
import { SET } from './set.ts'
import { TAKE } from './take.ts'
import { TELL_ACTIVE, TELL_PATTERN } from './tell-pattern.ts'

export { NOW_LINE } from './prelude.ts'
export type { Script } from './script.ts'
export {
  BEAT,
  FILL,
  INVALIDATE,
  LEASE,
  LOCK,
  PLACE,
  RAISE,
  RELEASE,
  RENEW,
  REPLACE,
  SET,
  TAKE,
  TELL_ACTIVE,
  TELL_PATTERN,
  UNLOCK,
}
