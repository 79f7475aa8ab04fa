/** Recognises Standard Schemas of any library; some of them are functions. */
import type { StandardSchemaV1 } from '@standard-schema/spec'

export function isStandardSchema(value: unknown): value is StandardSchemaV1 {
  const canHold = typeof value === 'object' || typeof value === 'function'
  if (!canHold || value === null || !('~standard' in value)) return false
  const standard = value['~standard']
  if (typeof standard !== 'object' || standard === null) return false
  const isVersionOne = 'version' in standard && standard.version === 1
  return isVersionOne && 'validate' in standard && typeof standard.validate === 'function'
}
