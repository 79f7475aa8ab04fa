/** What a request wants changed, checked: its body says exactly one scope, or a plan. */
import { checkPattern } from '../core/glob.ts'
import { type Fields, fieldsOf, isFields } from '../core/option-checks.ts'
import type { Change, ChangeScope } from './changes.ts'
import type { KeyBook, ReadKey } from './key-book.ts'
import { Refusal } from './problem.ts'

const keysMax = 1_000
const tagsMax = 100
const reasonCharsMax = 200
/** Of a key or a tag. */
const textCharsMax = 4_096

export type ChangeRequest =
  | { readonly kind: 'plan'; readonly planId: string; readonly confirm: unknown }
  | { readonly kind: 'change'; readonly change: Change; readonly isDryRun: boolean }

const common = ['reason', 'dryRun', 'planId', 'confirm']

/** Of `POST /invalidate`. Throws a refusal, or `SP_…` of the caller's making. */
export function invalidateRequest(body: Fields, keys: KeyBook): ChangeRequest {
  const scopes = ['keys', 'pattern', 'tags', 'family']
  const fields = fieldsOf('invalidate', body, [...scopes, ...common])
  const given = scopes.filter((name) => fields[name] !== undefined)
  const [scope] = given
  if (fields.planId !== undefined) return planned(fields)
  if (scope === undefined || given.length > 1) {
    throw new Refusal('INVALID_REQUEST', 'Give one of keys, pattern, tags and family, or a planId.')
  }
  return changed(fields, scopeIn(scope, fields, keys))
}

/** Of `POST /clear`: `all`, or the name of a family. */
export function clearRequest(body: Fields, keys: KeyBook): ChangeRequest {
  const fields = fieldsOf('clear', body, ['scope', ...common])
  if (fields.planId !== undefined) return planned(fields)
  const { scope } = fields
  const family = isFields(scope) ? scope.family : scope
  if (family === 'all') return changed(fields, { kind: 'all' })
  return changed(fields, familyScope(family, keys))
}

/** Of `POST /refresh`. */
export function keysIn(value: unknown, keys: KeyBook, most: number): ReadKey[] {
  const texts = textsIn('keys', value, most)
  return [...new Set(texts)].map((text) => keys.need(text))
}

function reasonIn({ reason }: Fields): string {
  if (reason === undefined) return 'admin'
  if (typeof reason === 'string' && reason.length > 0 && reason.length <= reasonCharsMax) {
    return reason
  }
  throw new Refusal('INVALID_REQUEST', `reason: a text of at most ${reasonCharsMax} characters.`)
}

function planned({ planId, confirm }: Fields): ChangeRequest {
  if (typeof planId === 'string') return { kind: 'plan', planId, confirm }
  throw new Refusal('INVALID_REQUEST', 'planId: the text that the dry run returned.')
}

function changed(fields: Fields, scope: ChangeScope): ChangeRequest {
  const change = { ...scope, reason: reasonIn(fields) }
  return { kind: 'change', change, isDryRun: fields.dryRun === true }
}

function scopeIn(name: string, fields: Fields, keys: KeyBook): ChangeScope {
  switch (name) {
    case 'keys':
      return { kind: 'keys', keys: keysIn(fields.keys, keys, keysMax) }
    case 'pattern':
      return { kind: 'pattern', pattern: checkPattern(fields.pattern) }
    case 'tags':
      return { kind: 'tags', tags: textsIn('tags', fields.tags, tagsMax) }
    default:
      return familyScope(fields.family, keys)
  }
}

function familyScope(family: unknown, keys: KeyBook): ChangeScope {
  if (typeof family === 'string' && keys.has(family)) return { kind: 'family', family }
  throw new Refusal('INVALID_REQUEST', 'There is no such family in this service.')
}

function textsIn(name: string, value: unknown, most: number): string[] {
  const isFit = Array.isArray(value) && value.length > 0 && value.length <= most
  const texts = isFit ? value.filter(isShortText) : []
  if (isFit && texts.length === value.length) return texts
  throw new Refusal('INVALID_REQUEST', `${name}: an array of 1 to ${most} texts.`)
}

function isShortText(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= textCharsMax
}
