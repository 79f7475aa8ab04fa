/**
 * What a name of a source file stands for: a client of Redis, some cache, or a plain collection
 * whose methods have the same names. Known from what is imported, made and annotated in the
 * file; where that says nothing, the name decides. Names are not told apart by scope: one that
 * is a collection anywhere is taken for a collection, because a false alarm costs more.
 */
import {
  bare,
  isCall,
  isMember,
  isNode,
  lastName,
  type Node,
  nodesIn,
  type Syntax,
} from './syntax.ts'

export type ClientKind = 'redis' | 'cache' | 'collection'

const packages: ReadonlySet<string> = new Set([
  '@redis/client',
  '@upstash/redis',
  'ioredis',
  'iovalkey',
  'redis',
])
const redisTypes =
  /^(I?O?Redis|Redis(Client|Cluster|Sentinel)?(Type)?|Cluster|Pipeline|ChainableCommander)$/
const collectionTypes: ReadonlySet<string> = new Set([
  ...['Map', 'ReadonlyMap', 'ReadonlySet', 'Record', 'Set', 'WeakMap', 'WeakSet'],
  ...['FormData', 'Headers', 'URLSearchParams'],
  ...['Keyv', 'LRU', 'LRUCache', 'NodeCache', 'QuickLRU', 'TTLCache'],
])
/** What returns the client itself, another one, or a chain of its commands. */
const sameClient: ReadonlySet<string> = new Set([
  'batch',
  'connect',
  'duplicate',
  'multi',
  'on',
  'pipeline',
  'withTypeMapping',
])

const redisRoles =
  'cache|client|cluster|conn|connection|db|instance|master|primary|replica|service|store'
const redisName = new RegExp(`^_?(io)?(redis|valkey)(${redisRoles})?$`, 'i')
/** `sessionRedis`. */
const redisEnd = /(Redis|Valkey)(Client|Connection)?$/
const cacheNames = /^_?([a-z]\w*C|c)ache(Client|Layer|Manager|Provider|Service|Store)?$/

export interface ClientNames {
  /** Of an expression: `redis`, `this.#cache`, `redis.multi().set(a, b)`. */
  kindOf(value: unknown): ClientKind | undefined
}

export function clientNamesIn({ nodes }: Syntax): ClientNames {
  const known = new Map<string, ClientKind>()
  const imported = importedFrom(nodes)
  const kindOf = (value: unknown): ClientKind | undefined => kindOfExpression(value, kindOfName)
  const kindOfName = (name: string): ClientKind | undefined => known.get(name) ?? guess(name)
  for (const node of nodes) {
    const bound = boundIn(node)
    const name = lastName(bound?.target)
    if (bound === undefined || name === undefined) continue
    const kind = typeKind(bound.type, imported) ?? madeKind(bound.value, imported, kindOf)
    if (kind !== undefined && known.get(name) !== 'collection') known.set(name, kind)
  }
  return { kindOf }
}

/** Local names of the clients and their makers. */
function importedFrom(nodes: readonly Node[]): ReadonlySet<string> {
  const names = new Set<string>()
  for (const node of nodes) {
    if (node.type !== 'ImportDeclaration' || !packages.has(lastName(node.source) ?? '')) continue
    for (const part of nodesIn(node.specifiers)) names.add(lastName(part.local) ?? '')
  }
  return names
}

interface Bound {
  readonly target: unknown
  readonly type: unknown
  readonly value: unknown
}

/** What gives a name a value or a type: variables, fields, parameters, assignments. */
function boundIn(node: Node): Bound | undefined {
  switch (node.type) {
    case 'VariableDeclarator':
      return { target: node.id, type: annotationOf(node.id), value: node.init }
    case 'AssignmentExpression':
    case 'AssignmentPattern':
      return { target: node.left, type: annotationOf(node.left), value: node.right }
    case 'ClassProperty':
    case 'ClassPrivateProperty':
      return { target: node.key, type: annotationOf(node), value: node.value }
    case 'Identifier':
    case 'TSPropertySignature':
      return { target: node.key ?? node, type: annotationOf(node), value: undefined }
    default:
      return undefined
  }
}

function annotationOf(value: unknown): unknown {
  if (!isNode(value) || !isNode(value.typeAnnotation)) return undefined
  return value.typeAnnotation.typeAnnotation
}

function typeKind(value: unknown, names: ReadonlySet<string>): ClientKind | undefined {
  if (!isNode(value)) return undefined
  if (value.type === 'TSUnionType') {
    return nodesIn(value.types)
      .map((type) => typeKind(type, names))
      .find(Boolean)
  }
  if (value.type !== 'TSTypeReference') return undefined
  const name = typeName(value.typeName)
  if (collectionTypes.has(name)) return 'collection'
  return names.has(name) || redisTypes.test(name) ? 'redis' : undefined
}

function typeName(value: unknown): string {
  if (!isNode(value)) return ''
  return lastName(value.type === 'TSQualifiedName' ? value.right : value) ?? ''
}

function madeKind(
  value: unknown,
  names: ReadonlySet<string>,
  kindOf: (value: unknown) => ClientKind | undefined,
): ClientKind | undefined {
  const node = bare(value)
  if (node === undefined) return undefined
  const callee = lastName(node.callee) ?? ''
  if (node.type === 'NewExpression') {
    if (collectionTypes.has(callee)) return 'collection'
    return redisTypes.test(callee) || names.has(callee) ? 'redis' : undefined
  }
  if (node.type === 'ArrayExpression' || node.type === 'ObjectExpression') return 'collection'
  if (isCall(node)) {
    if (!isMember(node.callee)) return names.has(callee) ? 'redis' : undefined
    return sameClient.has(callee) ? madeKind(node.callee.object, names, kindOf) : undefined
  }
  if (node.type === 'LogicalExpression') {
    return madeKind(node.left, names, kindOf) ?? madeKind(node.right, names, kindOf)
  }
  return isMember(node) || node.type === 'Identifier' ? kindOf(node) : undefined
}

function kindOfExpression(
  value: unknown,
  kindOfName: (name: string) => ClientKind | undefined,
): ClientKind | undefined {
  let node = bare(value)
  // `redis.multi().set(a, b).del(c)` is of the kind of what stands first.
  while (isCall(node) && isMember(node.callee)) node = bare(node.callee.object)
  const name = lastName(node)
  return name === undefined ? undefined : kindOfName(name)
}

function guess(name: string): ClientKind | undefined {
  if (redisName.test(name) || redisEnd.test(name)) return 'redis'
  return cacheNames.test(name) ? 'cache' : undefined
}
