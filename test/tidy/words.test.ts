/** Words that must not stand: left-over marks, tests that don't run, ways around the types. */
import { posix } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Finding, told } from './finding.ts'
import { isScript, isTest, type SourceFile, sourceFiles } from './source-files.ts'
import { chainOf, lineAt, type Node, nameOf, nodesOf, syntaxOf, textOf } from './syntax.ts'

/** Files of tests that may set a timer, with the reason. */
const timersAllowed: Readonly<Record<string, string>> = {
  'test/race/cache-calls.ts': 'the even pace of a reader while a race runs',
  'test/race/database.ts': 'the lag of the database is what the races are about',
  'test/race/history-client.ts': 'the uneven pace of a client that does random things',
  'test/race/history-worker.ts': 'a broken cache on purpose, which says that it is done too early',
  'test/race/nemesis.ts': 'how long a fault lasts is what is being tried',
  'test/race/pending-batch.test.ts': 'an even pace of faults, and the deadline of an answer',
  'test/race/positions-worker.ts': 'a transaction as slow as the test asks for',
  'test/race/two-versions-worker.ts':
    'the even pace of callers, so that the other build has its turn',
  'test/race/two-versions.test.ts': 'the even pace of writes in a minute of load',
  'test/servers/eventually.ts': 'the bounded poll for what raises no event',
  'test/servers/processes.ts': 'the deadline of an answer from another process',
  'src/redis/redis-server.test-support.ts': 'a bounded poll beside the library',
  'test/services/order-stream.ts': 'the even pace of a trader while services are killed',
}

const marks = /\b(TODO|FIXME|XXX|HACK)\b/
const unchecked = /@ts-(ignore|nocheck)\b/
const expected = /@ts-expect-error(?!\s+\S+\s+\S)/
const silenced = /biome-ignore(?!\S*\s+\S+:\s+\S+\s+\S)/
const suites = /^(test|it|describe|suite|bench)\b.*\.(skip|only|todo|fails)$/
const oldSkips = /^(xit|xtest|xdescribe|fit|fdescribe)$/
const badNames = /^(utils?|helpers?|common|misc|managers?|libs?)(\.|$)/

describe('words', () => {
  test('that must not stand are nowhere', () => {
    expect(told(sourceFiles().flatMap(wordsIn))).toEqual([])
  })

  test('are found in comments, calls, types and names of files', () => {
    for (const [path, text] of [
      ['src/a.ts', '// TODO later'],
      ['src/a.ts', '/* a\n FIXME */'],
      ['src/a.ts', '// @ts-ignore it is fine'],
      ['src/a.ts', '// @ts-expect-error'],
      ['src/a.ts', '// biome-ignore lint/suspicious/noExplicitAny: why'],
      ['src/a.ts', 'const a = b as any'],
      ['src/a.ts', 'function a(b: any[]): void {}'],
      ['test/a.test.ts', "test.skip('a', run)"],
      ['test/a.test.ts', "describe.concurrent.only('a', run)"],
      ['test/a.test.ts', "xit('a', run)"],
      ['test/a.test.ts', 'context.skip()'],
      ['services/bot/utils.ts', ''],
      ['src/helpers/a.ts', ''],
      ['src/cache/manager.test.ts', ''],
    ] as const) {
      expect(wordsIn({ path, text }), `${path} ${text}`).toHaveLength(1)
    }
  })

  test('are no fault in texts, or with a reason', () => {
    const text = `
      const text = 'TODO: as any, test.skip(1)'
      // biome-ignore lint/suspicious/noThenProperty: the name is listed to be refused.
      // @ts-expect-error ids of markets are texts
      describe.skipIf(isMissing)('a', run)
      context.skip('needs redis-server: apt-get install redis-server')
    `
    expect(wordsIn({ path: 'test/a.test.ts', text })).toEqual([])
    expect(wordsIn({ path: 'services/launcher/common-ground.ts', text: '' })).toEqual([])
  })
})

describe('sleeps', () => {
  test('are in no test', () => {
    expect(told(sleepsIn(sourceFiles(), timersAllowed))).toEqual([])
  })

  test('are found, and so is a permission that nobody needs', () => {
    const path = 'src/cache/a.test.ts'
    for (const text of [
      'await new Promise((done) => setTimeout(done, 50))',
      "import { setTimeout as wait } from 'node:timers/promises'",
      'const timer = setInterval(look, 5)',
    ]) {
      expect(sleepsIn([{ path, text }], {}), text).toHaveLength(1)
      expect(sleepsIn([{ path, text }], { [path]: 'a reason' }), text).toEqual([])
    }
    expect(told(sleepsIn([{ path, text: '' }], { [path]: 'a reason' }))).toEqual([
      expect.stringMatching('needs no permission'),
    ])
    expect(sleepsIn([{ path: 'services/bot/a.ts', text: 'setTimeout(run, 5)' }], {})).toEqual([])
  })
})

function wordsIn(file: SourceFile): readonly Finding[] {
  const { path } = file
  const isBadName = path.split('/').some((part) => badNames.test(part))
  const remedy = 'name it after the one thing that it defines'
  const named = isBadName ? [{ path, line: 0, what: 'a name that says nothing', remedy }] : []
  if (!isScript(file)) return named
  const { program, comments } = syntaxOf(file)
  const inComments = comments.flatMap(({ value, start }) => at(file, start, commentFault(value)))
  const inCode = [...nodesOf(program)].flatMap(({ node }) => at(file, node.start, nodeFault(node)))
  return [...named, ...inComments, ...inCode]
}

type Fault = Pick<Finding, 'what' | 'remedy'> | undefined

function at({ path, text }: SourceFile, start: number, fault: Fault): readonly Finding[] {
  return fault === undefined ? [] : [{ path, line: lineAt(text, start), ...fault }]
}

function commentFault(comment: string): Fault {
  if (marks.test(comment)) return { what: 'a left-over mark', remedy: 'do it, or open an issue' }
  if (unchecked.test(comment)) return { what: 'types switched off', remedy: 'fix the type' }
  if (expected.test(comment)) return { what: 'an error without a reason', remedy: 'say why' }
  if (silenced.test(comment)) return { what: 'a silenced rule without a reason', remedy: 'say why' }
  return undefined
}

function nodeFault(node: Node): Fault {
  if (node.type === 'TSAnyKeyword') return { what: 'any', remedy: 'use unknown and narrow it' }
  if (node.type !== 'CallExpression') return undefined
  const callee = chainOf(node.callee) ?? ''
  const isEmpty = Array.isArray(node.arguments) && node.arguments.length === 0
  const remedy = 'let it run, or use skipIf with a reason that is printed'
  if (suites.test(callee) || oldSkips.test(callee)) return { what: callee, remedy }
  if (/\.skip$/.test(callee) && isEmpty) return { what: `${callee} without a reason`, remedy }
  return undefined
}

function sleepsIn(
  files: readonly SourceFile[],
  allowed: Readonly<Record<string, string>>,
): readonly Finding[] {
  const tests = files.filter((file) => isScript(file) && isTest(file))
  return tests.flatMap((file) => {
    const { path } = file
    const sleeps = [...nodesOf(syntaxOf(file).program)].filter(({ node }) => isTimer(node))
    const isAllowed = allowed[path] !== undefined
    if (isAllowed && sleeps.length === 0) {
      const remedy = `take ${posix.basename(path)} out of the list in test/tidy/words.test.ts`
      return [{ path, line: 0, what: 'needs no permission to set timers', remedy }]
    }
    if (isAllowed) return []
    const remedy = 'wait for the event, with test/servers/eventually.ts, or on a virtual clock'
    return sleeps.flatMap(({ node }) => at(file, node.start, { what: 'a sleep', remedy }))
  })
}

function isTimer(node: Node): boolean {
  if (node.type === 'ImportDeclaration') return /timers\/promises$/.test(textOf(node.source) ?? '')
  if (node.type !== 'CallExpression') return false
  return /(^|\.)(setTimeout|setInterval)$/.test(chainOf(node.callee) ?? nameOf(node.callee))
}
