/** What viewers are told as it happens. */

import type { StreamEvent } from 'staleproof/ops'
import { apiBase } from 'staleproof/ops'
import { VirtualClock } from 'staleproof/testing'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { eventually } from '../servers/eventually.ts'
import { openWorld, tokenOf, type World } from './world.ts'

let world: World
let left: AbortController

beforeEach(async () => {
  world = await openWorld()
  left = new AbortController()
})
afterEach(async () => {
  left.abort()
  await world.close()
})

interface Told {
  readonly id: number
  readonly event: StreamEvent
}

/** What comes, comments aside. */
async function* watch(): AsyncGenerator<Told> {
  const asked = { token: tokenOf('viewer'), signal: left.signal }
  const { status, headers, body } = await world.ask(`${apiBase}/stream`, asked)
  expect([status, headers.get('content-type')]).toEqual([200, 'text/event-stream'])
  for await (const part of body ?? []) {
    const lines = Buffer.from(part).toString().split('\n')
    const [id, , data] = lines
    if (id?.startsWith('id: ') && data?.startsWith('data: ')) {
      yield { id: Number(id.slice(4)), event: JSON.parse(data.slice(6)) }
    }
  }
}

async function next(told: AsyncGenerator<Told>, type: StreamEvent['type']): Promise<Told> {
  for (;;) {
    const { value, done } = await told.next()
    if (done) throw new Error(`the stream ended before ${type}`)
    if (value.event.type === type) return value
  }
}

test('begins with what was before, and tells each invalidation once, in order', async () => {
  await world.cache.market.invalidate('0')
  const told = watch()
  expect(await next(told, 'hello')).toMatchObject({ id: 1, event: { seq: 1 } })
  for (let id = 1; id <= 300; id++) await world.cache.market.invalidate(String(id))
  for (let id = 1; id <= 300; id++) {
    const { event } = await next(told, 'invalidation')
    expect(event).toMatchObject({ invalidation: { seq: id + 1, keys: [`market:${id}`] } })
  }
})

test('tells the overview at once, and it is what the route says', async () => {
  await world.cache.market.get('1')
  const { event } = await next(watch(), 'overview')
  const { body } = await world.json('/overview')
  expect(event).toMatchObject({ overview: { totals: body.totals, processes: 1 } })
})

test('hides the ids of sensitive families', async () => {
  const told = watch()
  await next(told, 'hello')
  await world.cache.secret.invalidate('hunter2')
  const { event } = await next(told, 'invalidation')
  expect(event).toMatchObject({ invalidation: { keys: ['secret:*'] } })
})

test('ends when the token of who watches has expired', async () => {
  const clock = new VirtualClock()
  const token = 'short-lived-token-0123456789abcdef01234'
  const expiresAt = clock.wallMs() + 60_000
  const auth = [{ name: 'guest', role: 'viewer', token, expiresAt }] as const
  const own = await openWorld({ auth, clock })
  const { body } = await own.ask(`${apiBase}/stream`, { token, signal: left.signal })
  await clock.advance(50_000)
  expect(own.ops.viewers).toBe(1)
  await clock.advance(30_000)
  await eventually('the stream has ended', () => own.ops.viewers === 0)
  await body?.cancel()
  await own.close()
})

test('opens nothing for who wants its headers alone', async () => {
  const asked = { token: tokenOf('viewer'), method: 'HEAD' }
  const { status, headers } = await world.ask(`${apiBase}/stream`, asked)
  expect([status, headers.get('content-type')]).toEqual([200, 'text/event-stream'])
  expect(world.ops.viewers).toBe(0)
})

test('ends with the admin API', async () => {
  const told = watch()
  await next(told, 'overview')
  await world.ops.close()
  await expect(next(told, 'dropped')).rejects.toThrow('the stream ended')
})
