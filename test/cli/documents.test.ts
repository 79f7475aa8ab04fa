/** What commands print as JSON is as the published schemas say, and has nothing besides. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import { eventually } from '../servers/eventually.ts'
import { spawnWorker, type TestWorker } from '../servers/processes.ts'
import { describeWithRedis, startRedis, type TestRedis } from '../servers/redis.ts'
import { readCheckout } from '../tidy/source-files.ts'
import { runCommand, startCommand } from './command-line.ts'
import type { ShopCalls, ShopInit } from './shop-worker.ts'
import { type Schema, schemasOf } from './type-schemas.ts'

const file = 'docs/cli-documents.json'
const token = 'a-token-that-is-long-enough-for-a-test'
const catalog = fileURLToPath(new URL('./shop-catalog.ts', import.meta.url))

// After a change of the types: npx vitest run --project system test/cli/documents.test.ts -u
it('docs/cli-documents.json is made from the types', async () => {
  const $defs = schemasOf('src/cli/documents.ts', 'Documents')
  const commands = Object.keys($defs).filter((name) => /^[a-z]/.test(name))
  const anyOf = commands.map((name) => ({ $ref: `#/$defs/${name}` }))
  const head = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'What commands of staleproof print with --json, each by its name',
    anyOf,
  }
  const lines = Object.entries($defs).map(([name, one]) => `"${name}":${JSON.stringify(one)}`)
  const text = `${JSON.stringify(head).slice(0, -1)},"$defs":{\n${lines.join(',\n')}\n}}\n`
  await expect(text).toMatchFileSnapshot(`../../${file}`)
})

it('are exported as they are published', async () => {
  const { stdout } = await runCommand(['export', 'schemas'])
  expect(JSON.parse(stdout)).toEqual(JSON.parse(readCheckout(file)))
})

it('a field that no schema knows is noticed', () => {
  const document = { schemaVersion: 1, command: 'diff', atMs: 1, sides: [], differences: [] }
  expect(faultsOf('diff', document)).toBeUndefined()
  expect(faultsOf('diff', { ...document, more: 1 })).toBeDefined()
})

it('of a history and of a trace, which need no server', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'staleproof-documents-'))
  const [history, trace] = [join(folder, 'history.jsonl'), join(folder, 'trace.txt')]
  writeFileSync(history, '{"kind":"promise","boundMs":600}\n')
  writeFileSync(trace, 'a\nb\na\n'.repeat(100))
  const runs = [
    ['replay', trace, '--json', '--curve', '--predict'],
    ['verify', '--check', history, '--json'],
  ]
  for (const words of runs) {
    const { stdout } = await runCommand(words)
    expect(faultsOf(words[0], JSON.parse(stdout)), words.join(' ')).toBeUndefined()
  }
  rmSync(folder, { recursive: true })
})

describeWithRedis('documents of a cache', () => {
  let redis: TestRedis
  let api: TestWorker<ShopCalls>
  let address: string
  beforeAll(async () => {
    redis = await startRedis()
    const init: ShopInit = { redis: redis.url, service: 'api', token }
    api = await spawnWorker<ShopCalls>(new URL('./shop-worker.ts', import.meta.url), init)
    address = await api.call('address')
    await api.call('read', [1, 2, 1])
    await eventually('its reads to be published', async () => (await api.call('published')) === 3)
  })
  afterAll(async () => {
    await api?.stop()
    await redis?.stop()
  })

  const drop = ['--environment', 'test', '--yes', '--expect-count']
  it.each([
    ['redis', 'config', ['stats']],
    ['redis', 'diff', [catalog]],
    ['redis', 'doctor', ['--window', '1s']],
    ['redis', 'explain', ['api:product:1']],
    ['redis', 'explain', ['SP_LOCK_TAKEN']],
    ['redis', 'get', ['api:product:1']],
    ['redis', 'get', ['api:product:9']],
    ['redis', 'keys', []],
    ['redis', 'services', []],
    ['redis', 'size', ['--memory', '1mb']],
    ['redis', 'stats', []],
    ['redis', 'top', ['--once', '--interval', '500ms']],
    ['redis', 'invalidate', ['api:product:1', '--catalog', catalog, ...drop, '1']],
    ['redis', 'clear', ['--catalog', catalog, '--dry-run']],
    ['admin', 'explain', ['api:product:2']],
    ['admin', 'get', ['api:product:2']],
    ['admin', 'keys', []],
    ['admin', 'services', []],
    ['admin', 'stats', []],
    ['admin', 'warm', []],
    ['admin', 'invalidate', ['api:product:2', ...drop, '1']],
  ] as const)('by %s: %s %j', async (by, command, words) => {
    const server = by === 'redis' ? { REDIS_URL: redis.url } : { STALEPROOF_URL: address }
    const variables = { ...server, STALEPROOF_TOKEN: token }
    const asJson = command === 'doctor' ? ['--format', 'json'] : ['--json']
    const { stdout, stderr } = await runCommand([command, ...words, ...asJson], { variables })
    expect(stdout, stderr).not.toBe('')
    expect(faultsOf(command, JSON.parse(stdout))).toBeUndefined()
  })

  it('tail', async () => {
    const variables = { REDIS_URL: redis.url }
    const tail = startCommand(['tail', '--count', '1', '--json'], { variables })
    await tail.said('interrupt to end')
    await api.call('invalidate', 7, 'a test')
    expect(faultsOf('tail', JSON.parse((await tail.ended).stdout))).toBeUndefined()
  })
})

/** Undefined: there is none. */
function faultsOf(command: string | undefined, document: unknown): string | undefined {
  const { $defs } = JSON.parse(readCheckout(file))
  const schema = z.fromJSONSchema({ $ref: `#/$defs/${command}`, $defs: closed($defs) })
  const { error } = schema.safeParse(document)
  return error && z.prettifyError(error)
}

/** Programs are to bear fields that they don't know; here there are to be none. */
function closed(schema: Schema): Record<string, never> {
  const entries = Object.entries(schema).map(([name, own]) => {
    const isDeep = typeof own === 'object' && own !== null && !Array.isArray(own)
    if (Array.isArray(own))
      return [name, own.map((one) => (typeof one === 'object' ? closed(one) : one))]
    return [name, isDeep ? closed(own as Schema) : own]
  })
  const isShape = schema.type === 'object' && 'properties' in schema
  const more = isShape && !('additionalProperties' in schema) ? { additionalProperties: false } : {}
  return { ...Object.fromEntries(entries), ...more }
}
