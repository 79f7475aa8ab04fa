/** No command that blocks Redis or empties what others share: KEYS, FLUSHALL, FLUSHDB (B5). */
import { expect, test } from 'vitest'
import { type Finding, told } from './finding.ts'
import { isScript, isTest, type SourceFile, sourceFiles } from './source-files.ts'
import { chainOf, lineAt, type Node, nodesOf, syntaxOf, textOf } from './syntax.ts'

const flushes = /\.(flushall|flushdb)(Buffer)?$/i
const keysOfConnection =
  /(redis|client|connection|command|pipeline|link|node|cluster)\w*(\(\))?\.keys(Buffer)?$/i
const senders = /(^|\.)(call|callBuffer|send|sendCommand|command|Command|createBuiltinCommand)$/
const words = /^(keys|flushall|flushdb)$/i
const inScripts = /redis\.p?call\(\s*['"](keys|flushall|flushdb)['"]/i
const remedy = 'SCAN in bounded batches with UNLINK, or clear a family or the cache by its clock'

test('neither the library nor a service scans or empties a whole Redis', () => {
  const files = sourceFiles().filter(({ path }) => /^(src|services)\//.test(path))
  expect(told(files.flatMap(blockingCommands))).toEqual([])
})

test('each way to send such a command is found', () => {
  for (const text of [
    "await redis.keys('api:*')",
    'await this.#redis.flushall()',
    "await redis.flushdb('ASYNC')",
    "await redis.call('KEYS', '*')",
    "new Command('flushall', [])",
    'const script = `redis.call("FLUSHDB")`',
    "pipeline.sendCommand('keys')",
  ]) {
    expect(blockingCommands({ path: 'src/redis/a.ts', text }), text).toHaveLength(1)
  }
  const harmless = `
    const all = [...map.keys(), ...Object.keys(object)]
    const script = "redis.call('DEL', KEYS[1])"
    // redis.keys('*') would block
    const touched = write.keys(result)
    expect(names).toContain('keys')
  `
  expect(blockingCommands({ path: 'src/redis/a.ts', text: harmless })).toEqual([])
})

function blockingCommands(file: SourceFile): readonly Finding[] {
  if (!isScript(file) || isTest(file)) return []
  return [...nodesOf(syntaxOf(file).program)].flatMap(({ node }) => {
    const what = commandOf(node)
    return what === undefined
      ? []
      : [{ path: file.path, line: lineAt(file.text, node.start), what, remedy }]
  })
}

function commandOf(node: Node): string | undefined {
  if (node.type === 'Literal' && typeof node.value === 'string') return scriptCommand(node.value)
  if (node.type === 'TemplateElement') return scriptCommand(JSON.stringify(node.value))
  if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return undefined
  const callee = chainOf(node.callee) ?? ''
  const [first] = Array.isArray(node.arguments) ? node.arguments : []
  // `keys` of a map takes nothing, and other things than connections have keys too.
  if (keysOfConnection.test(callee) && first !== undefined) return `calls ${callee}`
  if (flushes.test(callee)) return `calls ${callee}`
  const word = textOf(first)
  return senders.test(callee) && word !== undefined && words.test(word)
    ? `sends ${word}`
    : undefined
}

function scriptCommand(text: string): string | undefined {
  return inScripts.test(text.replaceAll('\\"', '"')) ? 'a script sends it' : undefined
}
