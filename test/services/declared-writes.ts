/** The writes of `services/domain/writes.ts`, by the names under which it exports them. */
import type { Write } from '../../services/domain/writes.ts'
import * as declared from '../../services/domain/writes.ts'

export type DeclaredWrite = Pick<Write<never>, 'tables' | 'reason'>

const exported: readonly (readonly [string, unknown])[] = Object.entries(declared)

export const declaredWrites: Readonly<Record<string, DeclaredWrite>> = Object.fromEntries(
  exported.filter((entry): entry is [string, DeclaredWrite] => isWrite(entry[1])),
)

function isWrite(value: unknown): value is DeclaredWrite {
  return typeof value === 'object' && value !== null && 'tables' in value && 'reason' in value
}
