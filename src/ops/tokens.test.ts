import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { TokenRing } from './tokens.ts'

const secret = 'q7Zs0Lk3Xv9Bt2Wn5Rm8Yc1Fd4Gh6Jp0'
const nowMs = Date.UTC(2026, 0, 1)

test('knows a token by its text and by its digest', () => {
  const sha256 = createHash('sha256').update(secret).digest('hex')
  for (const given of [{ token: secret }, { sha256 }]) {
    const ring = new TokenRing([{ name: 'ann', role: 'operator', ...given }], 'api')
    expect(ring.find(secret, nowMs)).toEqual({ user: 'ann', role: 'operator' })
    expect(ring.find(`${secret}x`, nowMs)).toBeUndefined()
  }
})

test('knows no token from its expiry on', () => {
  const expiresAt = new Date(nowMs).toISOString()
  const ring = new TokenRing([{ name: 'ann', role: 'viewer', token: secret, expiresAt }], 'api')
  expect(ring.find(secret, nowMs - 1)).toBeDefined()
  expect(ring.find(secret, nowMs)).toBeUndefined()
})

test('a token that names its services opens no other one', () => {
  const token = { name: 'ann', role: 'viewer', token: secret, services: ['bot', 'api'] } as const
  expect(new TokenRing([token], 'api').find(secret, nowMs)).toBeDefined()
  expect(new TokenRing([token], 'workers').find(secret, nowMs)).toBeUndefined()
})

test('refuses what could be guessed, and never shows it', () => {
  const short = 'not-by-chance'
  const refused = () => new TokenRing([{ name: 'ann', role: 'viewer', token: short }], 'api')
  expect(refused).toThrow(/SP_OPTION_INVALID.*at least 32 characters/)
  expect(refused).not.toThrow(short)
})

test.each([
  [{ name: 'ann', role: 'root', token: secret }, 'auth.role'],
  [{ name: 'a n n', role: 'viewer', token: secret }, 'auth.name'],
  [{ name: 'ann', role: 'viewer' }, 'auth.token'],
  [{ name: 'ann', role: 'viewer', token: secret, sha256: 'ff' }, 'auth.token'],
  [{ name: 'ann', role: 'viewer', sha256: 'zz'.repeat(32) }, 'auth.sha256'],
  [{ name: 'ann', role: 'viewer', token: secret, expiresAt: 'soon' }, 'auth.expiresAt'],
  [{ name: 'ann', role: 'viewer', token: secret, services: ['a b'] }, 'auth.services'],
])('refuses %o for its %s', (token, option) => {
  expect(() => new TokenRing([Object(token)], 'api')).toThrow(`'${option}'`)
})
