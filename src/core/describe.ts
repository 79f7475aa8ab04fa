/** Short descriptions of values for error messages: enough to find them, never the whole. */

const TEXT_MAX = 60

export function describe(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return `the string ${JSON.stringify(shortened(value))}`
    case 'number':
      return `the number ${Object.is(value, -0) ? '-0' : value}`
    case 'bigint':
      return `the bigint ${value}n`
    case 'boolean':
    case 'undefined':
      return String(value)
    case 'symbol':
      return 'a symbol'
    case 'function':
      return 'a function'
    case 'object':
      return describeObject(value)
  }
}

function shortened(text: string): string {
  return text.length > TEXT_MAX ? `${text.slice(0, TEXT_MAX)}…` : text
}

function describeObject(value: object | null): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return `an array of ${value.length}`
  const maker = value.constructor
  const name = typeof maker === 'function' ? maker.name : ''
  if (name !== '' && name !== 'Object') return `an object of class ${name}`
  const fields = Object.keys(value).slice(0, 8).join(', ')
  return fields === '' ? 'an empty object' : `an object with ${fields}`
}
