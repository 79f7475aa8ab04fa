/**
 * Walks the code of the services from every statement that changes a table up to whoever runs it.
 *
 * A write is a call `commitWrite(services, <write>, …)` or `transact(<write>.reason, …)`; what its
 * arguments mention runs inside of it. A statement that is not inside of one itself runs inside of
 * those from which its function is mentioned, directly or through other functions. Any mention
 * counts as a call, so that a function that is handed on is not lost.
 *
 * Names are followed inside a file, through relative imports, and as `this.method`.
 */
import { posix } from 'node:path'
import type { SourceFile } from '../tidy/source-files.ts'
import { chainOf, isNode, lineAt, type Node, nameOf, nodesOf, syntaxOf } from '../tidy/syntax.ts'
import { changedBySql, readBySql, type TableChange } from './sql-tables.ts'

export interface Statement extends TableChange {
  /** `services/a.ts:7`. */
  readonly place: string
  /** Names of the writes inside of which it runs. */
  readonly writes: ReadonlySet<string>
  /** Functions from which it is reached outside of any write. */
  readonly outside: ReadonlySet<string>
}

export interface Walk {
  readonly statements: readonly Statement[]
  /** `services/a.ts#f`: the write that it runs, and whether it announces the same. */
  readonly runs: readonly { readonly place: string; readonly write: string; announced: boolean }[]
  /** Tables that a function and what it mentions read or change. */
  tablesOf(file: string, name: string): ReadonlySet<string>
}

/** A named function or method, or the body of a file. */
interface Part {
  readonly file: string
  readonly name: string
  readonly mentions: Mention[]
  readonly changes: Change[]
  readonly reads: Set<string>
  readonly runs: string[]
  readonly announces: Set<string>
}
interface Mention {
  readonly target: string
  /** The write in whose arguments it stands. */
  readonly write: string | undefined
}
interface Change extends TableChange {
  readonly line: number
  readonly write: string | undefined
}

/** `tableOf` translates the name of a table in the query builder's schema. */
export function walkWrites(
  files: readonly SourceFile[],
  tableOf: (name: string) => string | undefined,
): Walk {
  const all = files.flatMap((file) => partsOf(file, tableOf))
  const parts = new Map(all.map((part) => [keyOf(part), part]))
  const callers = callersOf(all)
  return {
    statements: all.flatMap((part) =>
      part.changes.map(({ table, deletes, line, write }) => {
        const inside = { writes: new Set([write ?? '']), outside: new Set<string>() }
        const reach = write === undefined ? reachOf(keyOf(part), callers) : inside
        return { table, deletes, place: `${part.file}:${line}`, ...reach }
      }),
    ),
    runs: all.flatMap((part) =>
      part.runs.map((write) => {
        return { place: keyOf(part), write, announced: part.announces.has(write) }
      }),
    ),
    tablesOf: (file, name) => tablesBelow(parts, `${file}#${name}`),
  }
}

interface Caller {
  readonly from: Part
  readonly write: string | undefined
}
interface Reach {
  readonly writes: Set<string>
  readonly outside: Set<string>
}

function callersOf(parts: readonly Part[]): ReadonlyMap<string, readonly Caller[]> {
  const callers = new Map<string, Caller[]>()
  for (const from of parts) {
    for (const { target, write } of from.mentions) {
      if (target === keyOf(from)) continue
      const known = callers.get(target)
      if (known === undefined) callers.set(target, [{ from, write }])
      else known.push({ from, write })
    }
  }
  return callers
}

/** The writes inside of which a function runs, and whoever runs it outside of any. */
function reachOf(start: string, callers: ReadonlyMap<string, readonly Caller[]>): Reach {
  const reach: Reach = { writes: new Set(), outside: new Set() }
  const seen = new Set<string>()
  const waiting = [start]
  for (let key = waiting.pop(); key !== undefined; key = waiting.pop()) {
    if (seen.has(key)) continue
    seen.add(key)
    const known = callers.get(key) ?? []
    if (known.length === 0) reach.outside.add(key)
    for (const { from, write } of known) {
      if (write === undefined) waiting.push(keyOf(from))
      else reach.writes.add(write)
    }
  }
  return reach
}

function tablesBelow(parts: ReadonlyMap<string, Part>, start: string): ReadonlySet<string> {
  const tables = new Set<string>()
  const seen = new Set<string>()
  const waiting = [start]
  for (let key = waiting.pop(); key !== undefined; key = waiting.pop()) {
    const part = parts.get(key)
    if (part === undefined || seen.has(key)) continue
    seen.add(key)
    for (const table of part.reads) tables.add(table)
    waiting.push(...part.mentions.map(({ target }) => target))
  }
  return tables
}

function keyOf({ file, name }: Pick<Part, 'file' | 'name'>): string {
  return `${file}#${name}`
}

function partsOf(file: SourceFile, tableOf: (name: string) => string | undefined): readonly Part[] {
  const { program } = syntaxOf(file)
  const imports = importedNames(file, program)
  const parts = new Map<string, Part>()
  const body = partNamed(parts, file.path, '')
  const visit = (node: Node, part: Part, write: string | undefined): void => {
    if (node.type === 'ImportDeclaration') return
    const named = functionName(node)
    const inside = named === undefined ? part : partNamed(parts, file.path, named)
    const run = writeOf(node)
    if (run !== undefined) inside.runs.push(run)
    if (run !== undefined && /commitWrite/.test(chainOf(node.callee) ?? '')) {
      inside.announces.add(run)
    }
    note({ node, part: inside, write: run ?? write })
    for (const child of childNodes(node)) visit(child, inside, run ?? write)
  }
  const note = ({ node, part, write }: { node: Node; part: Part; write: string | undefined }) => {
    const target = mentionOf(node, file.path, imports)
    if (target !== undefined) part.mentions.push({ target, write })
    const line = lineAt(file.text, node.start)
    for (const change of changedTables(node, imports, tableOf)) {
      part.changes.push({ ...change, line, write })
    }
    for (const table of readTables(node, imports, tableOf)) part.reads.add(table)
  }
  visit(program, body, undefined)
  return [...parts.values()]
}

function partNamed(parts: Map<string, Part>, file: string, name: string): Part {
  const known = parts.get(name)
  if (known !== undefined) return known
  const lists = { mentions: [], changes: [], runs: [] }
  const part = { file, name, ...lists, reads: new Set<string>(), announces: new Set<string>() }
  parts.set(name, part)
  return part
}

/** The name of a function, a method, or what a file-level constant is set to. */
function functionName(node: Node): string | undefined {
  if (node.type === 'FunctionDeclaration') return nameOf(node.id)
  if (node.type === 'MethodDefinition') return nameOf(node.key)
  if (node.type !== 'VariableDeclarator' || !isNode(node.init)) return undefined
  const isFunction = /^(ArrowFunctionExpression|FunctionExpression)$/.test(node.init.type)
  const isSql = node.init.type === 'TaggedTemplateExpression'
  const isTable = node.init.type === 'ObjectExpression'
  return isFunction || isSql || isTable ? nameOf(node.id) : undefined
}

/** Local names of what comes from other files: `file#name`. */
function importedNames(file: SourceFile, program: Node): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  for (const { node } of nodesOf(program)) {
    if (node.type !== 'ImportDeclaration' || !isNode(node.source)) continue
    const specifier = String(node.source.value)
    if (!specifier.startsWith('.') || !Array.isArray(node.specifiers)) continue
    const path = posix.join(posix.dirname(file.path), specifier)
    for (const one of node.specifiers) {
      if (isNode(one)) names.set(nameOf(one.local), `${path}#${nameOf(one.imported)}`)
    }
  }
  return names
}

function mentionOf(
  node: Node,
  file: string,
  imports: ReadonlyMap<string, string>,
): string | undefined {
  if (node.type === 'MemberExpression') {
    const method = /^this\.(#?\w+)$/.exec(chainOf(node) ?? '')?.[1]
    return method === undefined ? undefined : `${file}#${method.replace('#', '')}`
  }
  if (node.type !== 'Identifier') return undefined
  return imports.get(nameOf(node)) ?? `${file}#${nameOf(node)}`
}

/** The write that a call runs. */
function writeOf(node: Node): string | undefined {
  if (node.type !== 'CallExpression' || !Array.isArray(node.arguments)) return undefined
  const callee = chainOf(node.callee) ?? ''
  if (/(^|\.)commitWrite$/.test(callee)) return chainOf(node.arguments[1])
  if (!/(^|\.)transact$/.test(callee)) return undefined
  return /^(.+)\.reason$/.exec(chainOf(node.arguments[0]) ?? '')?.[1]
}

function changedTables(
  node: Node,
  imports: ReadonlyMap<string, string>,
  tableOf: (name: string) => string | undefined,
): readonly TableChange[] {
  if (node.type === 'TemplateElement' || node.type === 'Literal') return changedBySql(sqlOf(node))
  if (node.type !== 'CallExpression' || !isNode(node.callee)) return []
  if (node.callee.type !== 'MemberExpression' || !Array.isArray(node.arguments)) return []
  const verb = nameOf(node.callee.property)
  if (!/^(insert|update|delete)$/.test(verb)) return []
  const table = tableNamed(node.arguments[0], imports, tableOf)
  return table === undefined ? [] : [{ table, deletes: verb === 'delete' }]
}

function readTables(
  node: Node,
  imports: ReadonlyMap<string, string>,
  tableOf: (name: string) => string | undefined,
): readonly string[] {
  if (node.type === 'TemplateElement' || node.type === 'Literal') return readBySql(sqlOf(node))
  const table = tableNamed(node, imports, tableOf)
  return table === undefined ? [] : [table]
}

function tableNamed(
  node: unknown,
  imports: ReadonlyMap<string, string>,
  tableOf: (name: string) => string | undefined,
): string | undefined {
  if (!isNode(node) || node.type !== 'Identifier') return undefined
  const [file, name] = imports.get(nameOf(node))?.split('#') ?? []
  return file?.endsWith('database/schema.ts') && name !== undefined ? tableOf(name) : undefined
}

function sqlOf(node: Node): string {
  if (typeof node.value === 'string') return node.value
  const value: unknown = node.value
  return typeof value === 'object' && value !== null && 'raw' in value ? String(value.raw) : ''
}

function childNodes(node: Node): readonly Node[] {
  return Object.values(node).flatMap((value) =>
    (Array.isArray(value) ? value : [value]).filter(isNode),
  )
}
