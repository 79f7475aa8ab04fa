/**
 * JSON Schema of TypeScript types, as the compiler understands them: what values of them look like
 * when they are written as JSON. What may be undefined is optional.
 */
import { join } from 'node:path'
import { API, type Checker, type Symbol as TypeSymbol } from 'typescript/unstable/sync'
import { checkout } from '../tidy/source-files.ts'

export type Schema = Readonly<Record<string, unknown>>

type Type = ReturnType<Checker['getDeclaredTypeOfSymbol']>

/** Of each property of an interface that a file of `src` exports, and what they refer to. */
export function schemasOf(file: string, name: string): Readonly<Record<string, Schema>> {
  const api = new API({ cwd: checkout })
  try {
    const project = join(checkout, 'src/tsconfig.json')
    const [opened] = api.updateSnapshot({ openProjects: [project] }).getProjects()
    const source = opened?.program.getSourceFile(join(checkout, file))
    const module = source && opened?.checker.getSymbolAtLocation(source)
    if (opened === undefined || module === undefined) throw new Error(`expected ${file}`)
    const exported = opened.checker.getExportsOfModule(module).find((one) => one.name === name)
    if (exported === undefined) throw new Error(`expected ${name} in ${file}`)
    return new Writer(opened.checker).schemasOf(exported)
  } finally {
    api.close()
  }
}

class Writer {
  readonly #checker: Checker
  /** Types with a name, once each: some refer to themselves. */
  readonly #names = new Map<number, string>()
  readonly #defined = new Map<string, Schema>()

  constructor(checker: Checker) {
    this.#checker = checker
  }

  schemasOf(symbol: TypeSymbol): Readonly<Record<string, Schema>> {
    const type = this.#checker.getDeclaredTypeOfSymbol(symbol)
    const roots = this.#checker.getPropertiesOfType(type).map((property) => {
      return [property.name, this.#of(this.#typeOf(property))] as const
    })
    const sorted = [...this.#defined].sort(([one], [other]) => (one < other ? -1 : 1))
    return Object.fromEntries([...roots, ...sorted])
  }

  #of(type: Type): Schema {
    if (type.isUnionType()) return this.#ofUnion(type.getTypes())
    if (type.isLiteralType()) return literal(type.value)
    if (type.isIntrinsicType()) return intrinsic(type.intrinsicName)
    if (type.isTemplateLiteralType()) return { type: 'string' }
    if (this.#checker.isArrayLikeType(type)) return this.#ofArray(type)
    const name = nameOf(type)
    return name === undefined ? this.#ofObject(type) : this.#reference(type, name)
  }

  #ofUnion(all: readonly Type[]): Schema {
    const types = all.filter((type) => !isUndefined(type))
    const literals = types.flatMap((type) => (type.isLiteralType() ? [type.value] : []))
    if (literals.length < types.length || types.length === 0) {
      const [only, ...others] = distinct(types.map((type) => this.#of(type)))
      return only !== undefined && others.length === 0 ? only : { anyOf: [only, ...others] }
    }
    if (literals.every((value) => typeof value === 'boolean')) return { type: 'boolean' }
    return literals.length === 1 ? literal(literals[0]) : { enum: literals }
  }

  #ofArray(type: Type): Schema {
    const [item] = type.isTypeReference() ? this.#checker.getTypeArguments(type) : []
    return { type: 'array', items: item === undefined ? {} : this.#of(item) }
  }

  #reference(type: Type, name: string): Schema {
    let known = this.#names.get(type.id)
    if (known === undefined) {
      known = this.#freeName(name)
      this.#names.set(type.id, known)
      this.#defined.set(known, {})
      this.#defined.set(known, this.#ofObject(type))
    }
    return { $ref: `#/$defs/${known}` }
  }

  /** Two types of one name are told apart by a number. */
  #freeName(name: string, number = 1): string {
    const free = number === 1 ? name : `${name}${number}`
    return this.#defined.has(free) ? this.#freeName(name, number + 1) : free
  }

  #ofObject(type: Type): Schema {
    const properties: Record<string, Schema> = {}
    const required: string[] = []
    for (const property of this.#checker.getPropertiesOfType(type)) {
      const own = this.#typeOf(property)
      if (isUndefined(own)) continue
      properties[property.name] = this.#of(own)
      const isOptional = own.isUnionType() && own.getTypes().some(isUndefined)
      if (!isOptional && !isUnknown(own)) required.push(property.name)
    }
    const [index] = this.#checker.getIndexInfosOfType(type)
    return {
      type: 'object',
      ...(Object.keys(properties).length > 0 && { properties }),
      ...(required.length > 0 && { required }),
      ...(index !== undefined && { additionalProperties: this.#of(index.valueType) }),
    }
  }

  #typeOf(symbol: TypeSymbol): Type {
    const type = this.#checker.getTypeOfSymbol(symbol)
    if (type === undefined) throw new Error(`expected a type of ${symbol.name}`)
    return type
  }
}

/** Of an interface; what is put together by operators of types has none. */
function nameOf(type: Type): string | undefined {
  const symbol = type.getSymbol()
  const isPlain = type.isClassOrInterface() && type.getAliasTypeArguments().length === 0
  return isPlain ? symbol?.name : undefined
}

function isUndefined(type: Type): boolean {
  return type.isIntrinsicType() && type.intrinsicName === 'undefined'
}

/** It may be undefined too. */
function isUnknown(type: Type): boolean {
  return type.isIntrinsicType() && ['any', 'unknown'].includes(type.intrinsicName)
}

function literal(value: unknown): Schema {
  return { const: typeof value === 'bigint' ? String(value) : value }
}

function intrinsic(name: string): Schema {
  switch (name) {
    case 'string':
    case 'number':
    case 'boolean':
    case 'null':
    case 'object':
      return { type: name }
    // As the documents write it.
    case 'bigint':
      return { type: 'string' }
    case 'any':
    case 'unknown':
      return {}
    default:
      throw new Error(`${name} is nothing that JSON can hold`)
  }
}

function distinct(schemas: readonly Schema[]): readonly Schema[] {
  return [...new Map(schemas.map((schema) => [JSON.stringify(schema), schema])).values()]
}
