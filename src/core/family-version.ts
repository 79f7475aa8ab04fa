/**
 * The version of a family (CONTRACT 7): a hash of whatever decides what its values look
 * like. It stands in each slot, so new code does not read what old code has stored.
 * The type in `shape<T>()` can't be seen at run time; `versionOf` is there for that.
 */
import { hash48 } from '../base/hash.ts'
import type { FamilyRules } from './family-rules.ts'

/** 8 base64url characters. */
export function familyVersion(template: string, codec: string, rules: FamilyRules): string {
  const parts = [template, codec, jsonSchemaText(rules), ...rules.versionParts]
  return hash48(JSON.stringify(parts))
}

function jsonSchemaText(rules: FamilyRules): string {
  if (!rules.isChecked) return ''
  const standard = rules.schema['~standard']
  if (!('jsonSchema' in standard)) return ''
  return convert(standard.jsonSchema, 'output') ?? convert(standard.jsonSchema, 'input') ?? ''
}

/** Undefined: the library has no JSON Schema for this one. */
function convert(converter: unknown, side: 'output' | 'input'): string | undefined {
  if (typeof converter !== 'object' || converter === null) return undefined
  const make: unknown = Reflect.get(converter, side)
  if (typeof make !== 'function') return undefined
  try {
    const options = { target: 'draft-2020-12' }
    return JSON.stringify(Reflect.apply(make, converter, [options]))
  } catch {
    // Libraries throw for what JSON Schema can't say, such as transformations.
    return undefined
  }
}
