/** Schemas of what is sent. */
import { either, flag, integer, type JsonSchema, list, number, shape, text } from './json-schema.ts'

const plan = { planId: text, 'confirm?': text, 'dryRun?': flag, 'reason?': text }
const change = { 'reason?': { ...text, maxLength: 200 }, 'dryRun?': flag }
const duration = either(number, text)

export type BodySchemaName =
  | 'InvalidateBody'
  | 'ClearBody'
  | 'RefreshBody'
  | 'WarmBody'
  | 'BreakerBody'
  | 'EmptyBody'
  | 'SessionBody'

export const bodySchemas: Readonly<Record<BodySchemaName, JsonSchema>> = {
  InvalidateBody: either(
    shape({ keys: { ...list(text), minItems: 1, maxItems: 1_000 }, ...change }),
    shape({ pattern: text, ...change }),
    shape({ tags: { ...list(text), minItems: 1, maxItems: 100 }, ...change }),
    shape({ family: text, ...change }),
    shape(plan),
  ),
  ClearBody: either(
    shape({ scope: { ...text, description: "'all', or the name of a family" }, ...change }),
    shape(plan),
  ),
  RefreshBody: shape({ keys: { ...list(text), minItems: 1, maxItems: 100 }, 'reason?': text }),
  WarmBody: shape({ task: text, 'service?': text }),
  BreakerBody: shape({
    'consecutive?': integer,
    'failureRate?': number,
    'window?': duration,
    'minCalls?': integer,
    'openFor?': duration,
    'openForMost?': duration,
    'trials?': integer,
  }),
  EmptyBody: shape({}),
  SessionBody: shape({ token: text }),
}
