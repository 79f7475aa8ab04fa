/** JSON Schema 2020-12, written short: a `?` after a name makes it optional. */

export type JsonSchema = Readonly<Record<string, unknown>>

export const text: JsonSchema = { type: 'string' }
export const number: JsonSchema = { type: 'number' }
export const integer: JsonSchema = { type: 'integer' }
export const flag: JsonSchema = { type: 'boolean' }
/** Whatever JSON can be. */
export const anything: JsonSchema = {}

/** No fields but these. */
export function shape(fields: Readonly<Record<string, JsonSchema>>): JsonSchema {
  const properties: Record<string, JsonSchema> = {}
  const required: string[] = []
  for (const [name, schema] of Object.entries(fields)) {
    const isOptional = name.endsWith('?')
    properties[isOptional ? name.slice(0, -1) : name] = schema
    if (!isOptional) required.push(name)
  }
  return { type: 'object', properties, required, additionalProperties: false }
}

/** At least these fields. */
export function open(fields: Readonly<Record<string, JsonSchema>>): JsonSchema {
  return { ...shape(fields), additionalProperties: true }
}

export function list(items: JsonSchema): JsonSchema {
  return { type: 'array', items }
}

/** By name. */
export function map(values: JsonSchema): JsonSchema {
  return { type: 'object', additionalProperties: values }
}

export function choice(...values: readonly string[]): JsonSchema {
  return { type: 'string', enum: values }
}

export function either(...schemas: readonly JsonSchema[]): JsonSchema {
  return { anyOf: schemas }
}

export function ref(name: string): JsonSchema {
  return { $ref: `#/components/schemas/${name}` }
}

/** An answer, with its envelope. */
export function answer(fields: Readonly<Record<string, JsonSchema>>): JsonSchema {
  return shape({ schemaVersion: { const: 1 }, atMs: number, ...fields })
}
