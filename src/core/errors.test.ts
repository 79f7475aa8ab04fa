import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { ERROR_CODES } from './error-codes.ts'
import { isStaleproofError, StaleproofError } from './errors.ts'

const SOURCES = join(import.meta.dirname, '..')

test('carries code, fields and cause, and says all of it in the message', () => {
  const cause = new Error('below')
  const error = new StaleproofError('SP_ID_TYPE', 'market takes another id', {
    family: 'market',
    expected: 'a string',
    received: 'the number 7',
    cause,
  })
  expect(error.message).toBe(
    'SP_ID_TYPE: market takes another id; expected a string, received the number 7',
  )
  expect(error).toMatchObject({ code: 'SP_ID_TYPE', family: 'market', cause, key: undefined })
  expect(error).toBeInstanceOf(Error)
})

test('is recognised by brand and code, also from another copy of the package', async () => {
  const error = new StaleproofError('SP_CLOSED', 'closed')
  vi.resetModules()
  const copy = await import('./errors.ts')
  expect(copy.StaleproofError).not.toBe(StaleproofError)
  expect(copy.isStaleproofError(error)).toBe(true)
  expect(copy.isStaleproofError(error, 'SP_CLOSED')).toBe(true)
  expect(copy.isStaleproofError(error, 'SP_TIMEOUT')).toBe(false)
})

test.each([undefined, null, 'SP_CLOSED', new Error('SP_CLOSED'), { code: 'SP_CLOSED' }])(
  'does not recognise %s',
  (other) => {
    expect(isStaleproofError(other)).toBe(false)
  },
)

test('does not recognise what can not be asked', () => {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  expect(isStaleproofError(proxy)).toBe(false)
})

test('every code in the sources is in the table', () => {
  const used = new Map<string, string>()
  for (const file of sourceFiles()) {
    const text = readFileSync(join(SOURCES, file), 'utf8')
    for (const [code] of text.matchAll(/\bSP_[A-Z]+(?:_[A-Z]+)*\b/g)) used.set(code, file)
  }
  const unknown = [...used].filter(([code]) => !Object.hasOwn(ERROR_CODES, code))
  expect(used.size).toBeGreaterThan(20)
  expect(unknown).toEqual([])
})

test('the table is sorted', () => {
  const codes = Object.keys(ERROR_CODES)
  expect(codes).toEqual([...codes].sort())
})

// After a change of the table: npx vitest run src/core/errors.test.ts -u
test('docs/errors.md is made from the table', async () => {
  await expect(renderErrorDocs()).toMatchFileSnapshot('../../docs/errors.md')
})

function sourceFiles(): string[] {
  const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
  return files.filter((file) => file.endsWith('.ts') && !/\.test(-d)?\.ts$/.test(file))
}

/** The page `docs/errors.md`. */
function renderErrorDocs(): string {
  const head =
    '# Errors\n\nEvery error of the library is a `StaleproofError` with one of these codes. ' +
    'Recognise them with `isStaleproofError(error, code)`: it also works when two copies of ' +
    'the package are loaded. This page is made from `src/core/error-codes.ts`.\n'
  const sections = Object.entries(ERROR_CODES).map(
    ([code, entry]) => `\n## ${code}\n\n${entry.meaning}\n\n**What to do:** ${entry.remedy}\n`,
  )
  return head + sections.join('')
}
