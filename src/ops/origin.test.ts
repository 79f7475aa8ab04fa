import { expect, test } from 'vitest'
import { isFromOwnPage, isFromThisMachine, isPlainLoopback } from './origin.ts'

function asked(url: string, headers: Record<string, string>): Request {
  return new Request(url, { method: 'POST', headers })
}

test.each([
  [{ 'sec-fetch-site': 'same-origin' }, true],
  [{ 'sec-fetch-site': 'same-site' }, false],
  [{ 'sec-fetch-site': 'cross-site', origin: 'http://cache.example' }, false],
  [{ 'sec-fetch-site': 'none' }, false],
  [{ origin: 'http://cache.example' }, true],
  [{ origin: 'http://evil.example' }, false],
  [{ origin: 'http://cache.example:81' }, false],
  [{ origin: 'null' }, false],
  [{}, false],
])('a request with %o is from our page: %s', (headers, isOwn) => {
  const request = asked('http://cache.example/x', { host: 'cache.example', ...headers })
  expect(isFromOwnPage(request)).toBe(isOwn)
})

test.each([
  ['127.0.0.1', 'localhost:4100', {}, true],
  ['::ffff:127.0.0.1', '127.0.0.1:4100', {}, true],
  ['::1', '[::1]:4100', {}, true],
  ['10.0.0.7', 'localhost:4100', {}, false],
  ['127.0.0.1', 'evil.example', {}, false],
  ['127.0.0.1', 'localhost.evil.example', {}, false],
  ['127.0.0.1', 'localhost', { 'x-forwarded-for': '10.0.0.7' }, false],
  [undefined, 'localhost', {}, false],
])('%s asking for %s with %o sits at this machine: %s', (address, host, headers, isHere) => {
  const request = asked(`http://${host}/`, { host, ...headers })
  expect(isFromThisMachine(request, address)).toBe(isHere)
})

test('only a loopback name without TLS is plain loopback', () => {
  expect(isPlainLoopback(new Request('http://127.0.0.1:4100/'))).toBe(true)
  expect(isPlainLoopback(new Request('https://127.0.0.1:4100/'))).toBe(false)
  expect(isPlainLoopback(new Request('http://cache.example/'))).toBe(false)
})
