import { expect, test } from 'vitest'
import { bodyBytesMax, bodyOf } from './request-body.ts'

function sent(body: string | Uint8Array<ArrayBuffer>, type = 'application/json'): Request {
  const headers = { 'content-type': type }
  return new Request('http://cache.example/', { method: 'POST', headers, body })
}

test('takes an object, and nothing as an empty one', async () => {
  expect(await bodyOf(sent('{"keys":["a"]}', 'application/json; charset=utf-8'))).toEqual({
    keys: ['a'],
  })
  expect(await bodyOf(sent(''))).toEqual({})
})

test.each([
  ['another type', sent('{}', 'text/plain'), 'UNSUPPORTED_TYPE'],
  ['a form', sent('a=1', 'application/x-www-form-urlencoded'), 'UNSUPPORTED_TYPE'],
  ['no JSON', sent('{'), 'INVALID_REQUEST'],
  ['no object', sent('[]'), 'INVALID_REQUEST'],
  ['no UTF-8', sent(Buffer.from([0x7b, 0xff, 0x7d])), 'INVALID_REQUEST'],
  ['too much', sent(`"${'x'.repeat(bodyBytesMax)}"`), 'TOO_LARGE'],
])('refuses %s', async (_what, request, code) => {
  await expect(bodyOf(request)).rejects.toMatchObject({ code })
})

test('reads no more of an endless body than its bound', async () => {
  let sentBytes = 0
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      sentBytes += 8_192
      controller.enqueue(new Uint8Array(8_192).fill(0x20))
    },
  })
  const headers = { 'content-type': 'application/json' }
  const request = new Request('http://cache.example/', {
    method: 'POST',
    headers,
    body: endless,
    duplex: 'half',
  })
  await expect(bodyOf(request)).rejects.toMatchObject({ code: 'TOO_LARGE' })
  expect(sentBytes).toBeLessThanOrEqual(2 * bodyBytesMax)
})
