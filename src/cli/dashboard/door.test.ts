import { expect, it } from 'vitest'
import type { Ops } from '../../ops/index.ts'
import { Door } from './door.ts'

/** Knows one token, and notes what it was asked. */
class FakeOps implements Pick<Ops, 'fetch'> {
  readonly asked: string[] = []

  async fetch(request: Request): Promise<Response> {
    this.asked.push(`${request.method} ${new URL(request.url).pathname}`)
    if (request.method !== 'POST') return new Response('page')
    const isGood = (await request.text()) === '{"token":"good"}'
    const headers = { 'set-cookie': 'session=1; HttpOnly' }
    return isGood ? new Response(null, { headers }) : new Response(null, { status: 401 })
  }
}

function opened(ops: FakeOps): Pick<Ops, 'fetch'> {
  return new Door(ops as unknown as Ops, { token: 'good', once: 'secret' }).guarded
}

const at = (path: string) => new Request(`http://127.0.0.1:9${path}`)

it('opens once, with a session, and leads to the page', async () => {
  const door = opened(new FakeOps())
  const first = await door.fetch(at('/open/secret'))
  expect(first.status).toBe(303)
  expect(first.headers.get('location')).toBe('/dashboard/')
  expect(first.headers.getSetCookie()).toEqual(['session=1; HttpOnly'])
  const second = await door.fetch(at('/open/secret'))
  expect(second.headers.getSetCookie()).toEqual([])
})

it('gives no session for a guess', async () => {
  const ops = new FakeOps()
  const response = await opened(ops).fetch(at('/open/guess'))
  expect(response.headers.getSetCookie()).toEqual([])
  expect(ops.asked).toEqual([])
})

it('leaves everything else to the admin API', async () => {
  const ops = new FakeOps()
  await opened(ops).fetch(at('/api/v1/cache/me'))
  expect(ops.asked).toEqual(['GET /api/v1/cache/me'])
})
