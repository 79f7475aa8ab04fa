/** What a browser needs, and what keeps other pages from using it. */

import { apiBase } from 'staleproof/ops'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Asked, openWorld, tokenOf, type World } from './world.ts'

const session = `${apiBase}/session`
const ownPage = { 'sec-fetch-site': 'same-origin' }
let world: World

beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

async function signedIn(headers: Readonly<Record<string, string>> = {}): Promise<string> {
  const body = { token: tokenOf('operator') }
  const response = await world.ask(session, { body, headers: { ...ownPage, ...headers } })
  expect(response.status).toBe(200)
  return response.headers.get('set-cookie') ?? ''
}

test('a token becomes a cookie that scripts and other hosts never see', async () => {
  const cookie = await signedIn()
  expect(cookie).toMatch(
    /^__Host-staleproof-api=[^;]+; Path=\/; Max-Age=43200; HttpOnly; SameSite=Strict; Secure$/,
  )
  const [pair = ''] = cookie.split(';')
  const me = await world.ask(`${apiBase}/me`, { headers: { cookie: `a=b; ${pair}` } })
  expect(await me.json()).toMatchObject({ user: 'the-operator', role: 'operator' })
})

test('without TLS on loopback the cookie needs none', async () => {
  const cookie = await signedIn({ host: '127.0.0.1:4100' })
  expect(cookie).toMatch(
    /^staleproof-api=[^;]+; Path=\/; Max-Age=43200; HttpOnly; SameSite=Strict$/,
  )
  const [pair = ''] = cookie.split(';')
  const headers = { cookie: pair, host: '127.0.0.1:4100' }
  expect((await world.ask(`${apiBase}/me`, { headers })).status).toBe(200)
  const elsewhere = { cookie: pair, host: 'cache.example' }
  expect((await world.ask(`${apiBase}/me`, { headers: elsewhere })).status).toBe(401)
})

test('a wrong token makes no session, and signing out ends it', async () => {
  const wrong = await world.ask(session, { body: { token: 'x'.repeat(40) }, headers: ownPage })
  expect([wrong.status, wrong.headers.get('set-cookie')]).toEqual([401, null])
  const [cookie = ''] = (await signedIn()).split(';')
  const asked = { method: 'DELETE', headers: { cookie, ...ownPage } }
  const ended = await world.ask(session, asked)
  expect(ended.status).toBe(204)
  expect(ended.headers.get('set-cookie')).toMatch(/^__Host-staleproof-api=; .*Max-Age=0/)
})

const change = { body: { keys: ['market:1'] } }

test.each([
  [{ 'sec-fetch-site': 'same-origin' }, 200],
  [{ 'sec-fetch-site': 'cross-site' }, 403],
  [{ 'sec-fetch-site': 'same-site' }, 403],
  [{ origin: 'http://cache.example', host: 'cache.example' }, 200],
  [{ origin: 'http://evil.example', host: 'cache.example' }, 403],
  [{}, 403],
])('a change by cookie with %o is answered %i', async (headers, status) => {
  const [cookie = ''] = (await signedIn()).split(';')
  const asked: Asked = { ...change, headers: { ...headers, cookie } }
  expect((await world.ask(`${apiBase}/invalidate`, asked)).status).toBe(status)
})

test('a change by bearer needs no page, because no browser sends one by itself', async () => {
  const asked: Asked = {
    ...change,
    token: tokenOf('operator'),
    headers: { 'sec-fetch-site': 'cross-site' },
  }
  expect((await world.ask(`${apiBase}/invalidate`, asked)).status).toBe(200)
})

test('every answer forbids whatever a page does not need', async () => {
  const paths = ['/health/cache', '/dashboard/', '/dashboard', '/no', `${apiBase}/me`, '/metrics']
  for (const path of paths) {
    for (const token of [undefined, tokenOf('viewer')]) {
      const { headers } = await world.ask(path, { token })
      const policy = headers.get('content-security-policy')
      expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self'; /)
      expect(policy).toMatch(/frame-ancestors 'none'; require-trusted-types-for 'script'$/)
      expect(policy).not.toMatch(/unsafe|https?:|\*/)
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('referrer-policy')).toBe('no-referrer')
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin')
      expect(headers.get('cache-control')).toBe('no-store')
      expect(headers.get('access-control-allow-origin')).toBeNull()
      expect(headers.get('x-request-id')).toMatch(/^[\w-]{16}$/)
    }
  }
})
