/** The package as its user has it: packed, installed elsewhere, imported, required, compiled. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readCheckout } from '../tidy/source-files.ts'
import { ensureBuilt } from './build.ts'
import { Consumer } from './consumer.ts'

/** What the package promises to have: the file behind each entry point, by its condition. */
const targets: Readonly<Record<string, string | Readonly<Record<string, string>>>> = JSON.parse(
  readCheckout('package.json'),
).exports
const forUse = Object.keys(targets)
  .filter((entry) => entry !== './package.json')
  .map((entry) => entry.replace('.', 'staleproof'))

let consumer: Consumer
beforeAll(() => {
  ensureBuilt()
  consumer = Consumer.install()
}, 300_000)
afterAll(() => consumer?.remove())

describe('the packed package', () => {
  test('contains the build, the licence and the README, and neither tests nor sources', () => {
    const { packed } = consumer
    expect(packed).toContain('dist/index.js')
    expect(packed).toContain('dist/index.d.ts')
    expect(packed).toContain('dist/dashboard/index.html')
    expect(packed).toContain('LICENSE')
    expect(packed).toContain('README.md')
    expect(packed.filter((path) => /\.test\b|\.tsbuildinfo$|^src\//.test(path))).toEqual([])
  })

  test.each(Object.entries(targets))('contains what %s points to', (_entry, target) => {
    const { types, default: code } = typeof target === 'string' ? { default: target } : target
    const paths = [types, code].filter((path) => path !== undefined)
    for (const path of paths) expect(consumer.packed).toContain(path.replace('./', ''))
  })

  test.each(forUse)('is imported as %s', (entry) => {
    const text = `import * as all from '${entry}'\nconsole.log(Object.keys(all).length > 0)\n`
    expect(consumer.node('import.mjs', text)).toEqual({ status: 0, output: 'true' })
  })

  test.each(forUse)('is required as %s', (entry) => {
    const text = `console.log(Object.keys(require('${entry}')).length > 0)\n`
    expect(consumer.node('require.cjs', text)).toEqual({ status: 0, output: 'true' })
  })

  test('reads a value through a cache without a Redis, and leaves nothing open', () => {
    expect(consumer.node('use.mjs', use)).toEqual({ status: 0, output: 'Ada 1' })
  })

  test('has the command, whose parts are loaded when they are called', () => {
    const { status, output } = consumer.command('staleproof', 'verify', '--check', 'nowhere')
    expect(status).toBe(2)
    expect(output).toMatch('SP_HISTORY_INVALID')
  })

  test('brings the schemas of what its command prints', () => {
    const { status, output } = consumer.command('staleproof', 'export', 'schemas')
    expect(status).toBe(0)
    expect(Object.keys(JSON.parse(output).$defs)).toContain('stats')
  })

  test('compiles in a strict program of its user, its own declarations checked too', () => {
    expect(consumer.compile('use.ts', typed)).toEqual({ status: 0, output: '' })
  })

  test('refuses what its types refuse', () => {
    const wrong = typed.replace('cache.user.get(7)', "cache.user.get('7')")
    const { status, output } = consumer.compile('wrong.ts', wrong)
    expect(status).not.toBe(0)
    expect(output).toMatch('wrong.ts')
    expect(output).toMatch("'string' is not assignable to parameter of type 'number'")
  })

  // Last, because it takes the dependencies away.
  test('is imported and used without any other package being there', () => {
    const bare = consumer.alone()
    expect(bare.node('use.mjs', use)).toEqual({ status: 0, output: 'Ada 1' })
    const without = bare.node('redis.mjs', "await import('staleproof/redis')\n")
    expect(without.status).not.toBe(0)
    expect(without.output).toMatch("Cannot find package 'ioredis'")
  })
})

const use = `
import { defineCatalog, family, openCache, shape } from 'staleproof'
const catalog = defineCatalog('people', {
  user: family('user:{id:int}', { value: shape(), ttl: '1m' }),
})
let loads = 0
const sources = { user: () => { loads++; return { name: 'Ada' } } }
const cache = await openCache(catalog, { service: 'consumer', sources })
await cache.user.get(7)
const { name } = await cache.user.get(7)
await cache.close()
console.log(name, loads)
`

const typed = `
import { defineCatalog, family, type Key, openCache, shape, StaleproofError } from 'staleproof'
import { redisRemote } from 'staleproof/redis'

const catalog = defineCatalog('people', {
  user: family('user:{id:int}', { value: shape<{ name: string }>(), ttl: '1m' }),
})

export async function run(): Promise<string | undefined> {
  const cache = await openCache(catalog, {
    service: 'consumer',
    redis: process.env['REDIS_URL'],
    sources: { user: (id, { signal }) => (signal.aborted ? undefined : { name: String(id + 1) }) },
  })
  const key: Key = cache.user.key(7)
  await cache.invalidate([key], { reason: 'test' })
  const user = await cache.user.get(7)
  await cache.close()
  return user?.name
}
export const parts: readonly unknown[] = [redisRemote, StaleproofError]
`
