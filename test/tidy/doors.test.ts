/**
 * Time, chance and environment have one door: `src/system.ts` in the library, the
 * `environment.ts` files in the services. So a virtual clock and a seed replay any run.
 */
import { expect, test } from 'vitest'
import { type Finding, told } from './finding.ts'
import { isScript, isTest, type SourceFile, sourceFiles } from './source-files.ts'
import { chainOf, lineAt, type Node, nameOf, nodesOf, syntaxOf, textOf } from './syntax.ts'

const timers = new Set(['setTimeout', 'setInterval', 'setImmediate', 'nextTick'])
const chains = [/^(globalThis\.)?process\.(env|hrtime|uptime)\b/, /\bperformance\.\w+/]
const values = [
  /^Math\.random$/,
  /^Date\.now$/,
  /^AbortSignal\.timeout$/,
  /\bcrypto\.(random|getR)/,
]
const modules = /^(node:)?(timers(\/promises)?|perf_hooks|process)$/
const randomNames = /^(random\w+|getRandomValues|webcrypto|default|\*)$/

test('the library reads clock, timers, chance and environment in src/system.ts alone', () => {
  expect(told(leaks(sourceFiles()))).toEqual([])
})

test('the services read the environment in their environment.ts alone', () => {
  expect(told(environmentReads(sourceFiles()))).toEqual([])
})

test('each way around the door is found', () => {
  for (const line of [
    'const a = Date.now()',
    'const a = new Date()',
    'const a = Date()',
    'const a = performance.now()',
    'setTimeout(run, 1)',
    'const later = setImmediate',
    'globalThis.setInterval(run, 1)',
    'process.nextTick(run)',
    'const a = Math.random()',
    'const a = crypto.randomUUID()',
    "import { randomBytes } from 'node:crypto'",
    "import crypto from 'node:crypto'",
    "import { setTimeout as wait } from 'node:timers/promises'",
    'const a = process.env.HOME',
    'const { HOME } = process.env',
    'const a = process.hrtime.bigint()',
    'const a = AbortSignal.timeout(5)',
  ]) {
    expect(leaks([{ path: 'src/cache/a.ts', text: line }]), line).toHaveLength(1)
    expect(leaks([{ path: 'src/system.ts', text: line }]), line).toEqual([])
  }
})

test('what only looks like a read is left alone', () => {
  const text = `
    // Date.now() is not read here
    const text = 'process.env.HOME'
    const date = new Date(wallMs)
    queueMicrotask(run)
    import { createHash } from 'node:crypto'
    const timer = clock.timer(5, run)
    clearTimeout(handle)
  `
  expect(leaks([{ path: 'src/cache/a.ts', text }])).toEqual([])
})

test('a service that reads the environment elsewhere is found', () => {
  const text = 'export const url = process.env.REDIS_URL'
  expect(environmentReads([{ path: 'services/bot/main.ts', text }])).toHaveLength(1)
  expect(environmentReads([{ path: 'services/bot/environment.ts', text }])).toEqual([])
})

function leaks(files: readonly SourceFile[]): readonly Finding[] {
  const remedy = 'take Clock or Chance at construction; only src/system.ts touches the real ones'
  return readsIn(
    files.filter((file) => file.path.startsWith('src/') && file.path !== 'src/system.ts'),
    readOf,
  ).map((read) => ({ ...read, remedy }))
}

function environmentReads(files: readonly SourceFile[]): readonly Finding[] {
  const remedy = 'read it in an environment.ts and pass the value on'
  return readsIn(
    files.filter(({ path }) => path.startsWith('services/') && !path.endsWith('/environment.ts')),
    ({ node }) => (chainOf(node) === 'process.env' ? 'process.env' : undefined),
  ).map((read) => ({ ...read, remedy }))
}

type Visit = { readonly node: Node; readonly parent?: Node }

function readsIn(
  files: readonly SourceFile[],
  reading: (visit: Visit) => string | undefined,
): readonly Omit<Finding, 'remedy'>[] {
  const scripts = files.filter((file) => isScript(file) && !isTest(file))
  return scripts.flatMap((file) =>
    [...nodesOf(syntaxOf(file).program)].flatMap((visit) => {
      const what = reading(visit)
      if (what === undefined) return []
      return [{ path: file.path, line: lineAt(file.text, visit.node.start), what: `reads ${what}` }]
    }),
  )
}

function readOf({ node, parent }: Visit): string | undefined {
  switch (node.type) {
    case 'MemberExpression':
      return chainRead(node, parent)
    case 'Identifier':
      return isTimerName(node, parent) ? nameOf(node) : undefined
    case 'NewExpression':
      return isBareDate(node) && countOf(node.arguments) === 0 ? 'new Date()' : undefined
    case 'CallExpression':
      return isBareDate(node) ? 'Date()' : undefined
    case 'ImportDeclaration':
      return importRead(node)
    default:
      return undefined
  }
}

/** The whole chain is looked at once, at its outermost member. */
function chainRead(node: Node, parent: Node | undefined): string | undefined {
  const chain = chainOf(node)
  if (chain === undefined || (parent?.type === 'MemberExpression' && parent.object === node)) {
    return undefined
  }
  const isTimer = timers.has(nameOf(node.property))
  const isRead = [...chains, ...values].some((pattern) => pattern.test(chain))
  return isTimer || isRead ? chain : undefined
}

/** As a value or as what is called; not as the name of a property or a member. */
function isTimerName(node: Node, parent: Node | undefined): boolean {
  if (!timers.has(nameOf(node)) || parent === undefined) return false
  if (parent.type === 'MemberExpression') return parent.object === node
  return parent.type !== 'Property' && parent.type !== 'ImportSpecifier'
}

function isBareDate(node: Node): boolean {
  return chainOf(node.callee) === 'Date'
}

function importRead(node: Node): string | undefined {
  const specifier = textOf(node.source) ?? ''
  if (node.importKind === 'type') return undefined
  if (modules.test(specifier)) return specifier
  if (specifier !== 'node:crypto' && specifier !== 'crypto') return undefined
  const names = [...nodesOf(node)].flatMap(({ node: inner }) => {
    if (inner.type === 'ImportDefaultSpecifier') return ['default']
    if (inner.type === 'ImportNamespaceSpecifier') return ['*']
    return inner.type === 'ImportSpecifier' ? [nameOf(inner.imported)] : []
  })
  const random = names.filter((name) => randomNames.test(name))
  return random.length > 0 ? `${random.join(', ')} of ${specifier}` : undefined
}

function countOf(value: unknown): number {
  return Array.isArray(value) ? value.length : 0
}
