/**
 * The syntax of one source file: its nodes with their parents, and what is asked of them by
 * several rules. Rules look at nodes, so that texts and comments can't be mistaken for code.
 */
import { type ParserPlugin, parse } from '@babel/parser'

/** A node of the tree: a type, a place, and children of any shape. */
export interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly loc: { readonly start: { readonly line: number } }
  readonly [field: string]: unknown
}

/** A node of one of a few types; `Type` only keeps it apart from `Node`. */
type NodeOf<Type extends string> = Node & { readonly type: Type }
export type FunctionNode = NodeOf<
  | 'ArrowFunctionExpression'
  | 'ClassMethod'
  | 'ClassPrivateMethod'
  | 'FunctionDeclaration'
  | 'FunctionExpression'
  | 'ObjectMethod'
>
export type CallNode = NodeOf<'CallExpression' | 'OptionalCallExpression'>
export type MemberNode = NodeOf<'MemberExpression' | 'OptionalMemberExpression'>

export interface Syntax {
  /** Parents before their children, in the order of the text. */
  readonly nodes: readonly Node[]
  /** Variables that are set where they are declared, by name. */
  readonly declared: ReadonlyMap<string, readonly Node[]>
  parentOf(node: Node): Node | undefined
}

/** Generated code may nest as deep as it likes; what is deeper is nobody's hand. */
const nodesMax = 500_000

const functions: ReadonlySet<string> = new Set<FunctionNode['type']>([
  'ArrowFunctionExpression',
  'ClassMethod',
  'ClassPrivateMethod',
  'FunctionDeclaration',
  'FunctionExpression',
  'ObjectMethod',
])

/** Wrappers that change the type of an expression and not its value, and `await`. */
const wrappers: ReadonlySet<string> = new Set([
  'AwaitExpression',
  'ParenthesizedExpression',
  'TSAsExpression',
  'TSNonNullExpression',
  'TSSatisfiesExpression',
  'TSTypeAssertion',
])

/** Throws if it is neither TypeScript nor JavaScript. */
export function syntaxOf(path: string, text: string): Syntax {
  const { program } = parse(text, {
    sourceType: 'unambiguous',
    allowReturnOutsideFunction: true,
    allowAwaitOutsideFunction: true,
    plugins: pluginsFor(path),
  })
  const nodes: Node[] = []
  const parents = new Map<Node, Node>()
  // A stack of our own: a chain of a thousand additions is as deep as it is long.
  const waiting: unknown[] = [program]
  while (waiting.length > 0) {
    const node = waiting.pop()
    if (!isNode(node)) continue
    if (nodes.push(node) > nodesMax) throw new RangeError(`more than ${nodesMax} nodes`)
    const children = childrenOf(node)
    for (const child of children) parents.set(child, node)
    for (let at = children.length - 1; at >= 0; at -= 1) waiting.push(children[at])
  }
  return { nodes, declared: declaredIn(nodes), parentOf: (node) => parents.get(node) }
}

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value
}

export function nodesIn(value: unknown): readonly Node[] {
  return Array.isArray(value) ? value.filter(isNode) : []
}

export function isFunction(node: unknown): node is FunctionNode {
  return isNode(node) && functions.has(node.type)
}

/** Without what only changes its type, and without `await`. */
export function bare(value: unknown): Node | undefined {
  let node = value
  while (isNode(node) && wrappers.has(node.type)) node = node.argument ?? node.expression
  return isNode(node) ? node : undefined
}

/** `a` of `a`, `#a` and `'a'`; of `x.a` and `x['a']` also `a`. */
export function lastName(value: unknown): string | undefined {
  const node = bare(value)
  if (node === undefined) return undefined
  if (node.type === 'Identifier') return textField(node, 'name')
  if (node.type === 'PrivateName') return lastName(node.id)
  if (node.type === 'StringLiteral') return textField(node, 'value')
  if (!isMember(node)) return undefined
  const isText = isNode(node.property) && node.property.type === 'StringLiteral'
  return node.computed === true && !isText ? undefined : lastName(node.property)
}

export function isMember(node: unknown): node is MemberNode {
  return isNode(node) && /^(Optional)?MemberExpression$/.test(node.type)
}

export function isCall(node: unknown): node is CallNode {
  return isNode(node) && /^(Optional)?CallExpression$/.test(node.type)
}

/** The text of a literal or a template; what is only known when it runs reads as U+FFFC. */
export function staticText(value: unknown): string | undefined {
  const node = bare(value)
  if (node?.type === 'StringLiteral') return textField(node, 'value')
  if (node?.type === 'TemplateLiteral') return nodesIn(node.quasis).map(quasiText).join(hole)
  if (node?.type !== 'BinaryExpression' || node.operator !== '+') return undefined
  const [left, right] = [staticText(node.left), staticText(node.right)]
  if (left === undefined && right === undefined) return undefined
  return `${left ?? hole}${right ?? hole}`
}

/** Stands in the result of `staticText` for a part that is computed. */
export const hole = '\uFFFC'

/** The function around it, or undefined at the top of the file. */
export function functionAround(syntax: Syntax, node: Node): Node | undefined {
  let around = syntax.parentOf(node)
  while (around !== undefined && !isFunction(around)) around = syntax.parentOf(around)
  return around
}

export function isInside(node: Node, outer: Node): boolean {
  return node.start >= outer.start && node.end <= outer.end
}

function declaredIn(nodes: readonly Node[]): ReadonlyMap<string, readonly Node[]> {
  const declared = new Map<string, Node[]>()
  for (const node of nodes) {
    const name = node.type === 'VariableDeclarator' ? lastName(node.id) : undefined
    if (name === undefined || !isNode(node.init)) continue
    const known = declared.get(name)
    if (known) known.push(node)
    else declared.set(name, [node])
  }
  return declared
}

function textField(node: Node, field: string): string | undefined {
  const value = node[field]
  return typeof value === 'string' ? value : undefined
}

function quasiText({ value }: Node): string {
  const isRead = typeof value === 'object' && value !== null && 'cooked' in value
  return isRead && typeof value.cooked === 'string' ? value.cooked : ''
}

function childrenOf(node: Node): readonly Node[] {
  const children: Node[] = []
  for (const [field, value] of Object.entries(node)) {
    if (/^(leading|trailing|inner)Comments$|^(loc|extra|errors)$/.test(field)) continue
    if (isNode(value)) children.push(value)
    else if (Array.isArray(value)) children.push(...nodesIn(value))
  }
  return children.sort((one, other) => one.start - other.start)
}

function pluginsFor(path: string): ParserPlugin[] {
  const decorators: ParserPlugin[] = ['decorators-legacy', 'explicitResourceManagement']
  if (/\.[cm]?ts$/.test(path)) return ['typescript', ...decorators]
  if (/\.tsx$/.test(path)) return ['typescript', 'jsx', ...decorators]
  return ['jsx', ...decorators]
}
