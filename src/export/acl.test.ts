import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { aclRules } from './acl.ts'

const namespace = 'shop'

it('a cache may send what its code names, and nothing else', () => {
  const code = codeOfRedis()
  const called = [...code.matchAll(/redis\.p?call\('([A-Z]+)'/g)].map(([, name = '']) => name)
  const granted = [...aclRules({ namespace, role: 'cache' }).matchAll(/\+(\w+)/g)].map(
    ([, name = '']) => name,
  )
  expect(called.length).toBeGreaterThan(40)
  expect(called.filter((name) => !granted.includes(name.toLowerCase()))).toEqual([])
  // What ioredis sends by itself to open a connection.
  const opening = ['auth', 'client', 'hello', 'ping', 'select', 'sunsubscribe', 'unsubscribe']
  const unnamed = granted.filter((name) => !new RegExp(`\\b${name}\\b`, 'i').test(code))
  expect(unnamed.filter((name) => !opening.includes(name))).toEqual([])
})

it('a name is for one user', () => {
  const [line] = aclRules({ namespace, role: 'cache', user: 'api' }).split('\n')
  expect(line).toMatch(/^ACL SETUSER api reset on >PASSWORD ~\{shop:\* /)
  expect(() => aclRules({ namespace, user: 'api' })).toThrow('SP_OPTION_INVALID')
})

it.each([
  { namespace: 'shop ~* +@all' },
  { namespace: '' },
  { namespace, role: 'cache', user: 'api on nopass +@all' } as const,
  { namespace, role: 'cache', user: 'api\nACL SETUSER other +@all' } as const,
])('no right comes in by a name: %o', (options) => {
  expect(() => aclRules(options)).toThrow('SP_OPTION_INVALID')
})

function codeOfRedis(): string {
  const folder = new URL('../redis/', import.meta.url)
  const paths = readdirSync(fileURLToPath(folder), { recursive: true, encoding: 'utf8' })
  const files = paths.filter((path) => /^(?!.*\.test).*\.ts$/.test(path))
  return files.map((path) => readFileSync(new URL(path, folder), 'utf8')).join('\n')
}
