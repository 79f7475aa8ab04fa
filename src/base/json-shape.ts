/** Checks of what JSON from elsewhere is made of, as far as its readers count on it. */

export type JsonCheck = (found: unknown) => boolean

export const isNumber: JsonCheck = (found) => typeof found === 'number'
export const isText: JsonCheck = (found) => typeof found === 'string'
export const isMap: JsonCheck = (found) => fieldsOf(found) !== undefined

/** An object with these fields, whatever else it has. */
export function shapeOf(checks: Readonly<Record<string, JsonCheck>>): JsonCheck {
  const rows = Object.entries(checks)
  return (found) => {
    const fields = fieldsOf(found)
    return fields !== undefined && rows.every(([name, check]) => check(fields[name]))
  }
}

export function mapOf(check: JsonCheck): JsonCheck {
  return (found) => {
    const fields = fieldsOf(found)
    return fields !== undefined && Object.values(fields).every(check)
  }
}

export function listOf(check: JsonCheck): JsonCheck {
  return (found) => Array.isArray(found) && found.every(check)
}

function fieldsOf(found: unknown): Readonly<Record<string, unknown>> | undefined {
  if (typeof found !== 'object' || found === null || Array.isArray(found)) return undefined
  return { ...found }
}
