/** Nothing large is destroyed without having been seen before; and the audit log. */

import { VirtualClock } from 'staleproof/testing'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { eventually } from '../servers/eventually.ts'
import { openWorld, tokenOf, type World } from './world.ts'

let world: World

beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())
beforeEach(async () => {
  await world.cache.clear()
  await world.cache.market.getMany(Array.from({ length: 120 }, (_, id) => String(id)))
  await world.cache.positions.get(7)
  await world.cache.settled()
})

const asOperator = { token: tokenOf('operator') }

/** How many keys of markets Redis has. */
async function marketsLeft(): Promise<number> {
  return (await world.cache.keys({ pattern: 'market:*', limit: 1_000 })).keys.length
}

test('a few keys go at once, and the audit log says who and why', async () => {
  const body = { keys: ['market:1', 'market:2'], reason: 'wrong price' }
  const done = await world.json('/invalidate', { ...asOperator, body })
  expect(done).toMatchObject({ status: 200, body: { what: '2 keys', pending: 0 } })
  expect(await marketsLeft()).toBe(118)
  const { entries } = (await world.json('/audit')).body
  expect(entries[0]).toMatchObject({
    user: 'the-operator',
    action: 'invalidate',
    target: 'market:1 market:2',
    count: 2,
    dryRun: false,
    result: 'done',
    service: 'api',
  })
  const { invalidations } = (await world.json('/invalidations')).body
  expect(invalidations.at(-1)).toMatchObject({ reason: 'wrong price', subject: 'the-operator' })
})

test('a dry run says what would go, and nothing goes', async () => {
  const body = { pattern: 'market:*', dryRun: true }
  const { body: plan } = await world.json('/invalidate', { body })
  expect(plan).toMatchObject({ count: 120, isEstimate: false, needsConfirm: true })
  expect(plan.sample).toHaveLength(20)
  expect(plan.sample[0]).toMatch(/^market:\d+$/)
  expect(await marketsLeft()).toBe(120)
})

test('more than a hundred keys need their plan and what it wants typed', async () => {
  const asked = { body: { pattern: 'market:*' } }
  expect(await world.json('/invalidate', asked)).toMatchObject({
    status: 409,
    body: { code: 'PLAN_REQUIRED' },
  })
  const dryRun = { body: { pattern: 'market:*', dryRun: true } }
  const { planId, confirm } = (await world.json('/invalidate', dryRun)).body
  const untyped = await world.json('/invalidate', { body: { planId } })
  expect(untyped).toMatchObject({ status: 409, body: { code: 'CONFIRM_MISMATCH' } })
  const foreign = await world.json('/invalidate', { ...asOperator, body: { planId, confirm } })
  expect(foreign).toMatchObject({ status: 409, body: { code: 'PLAN_UNKNOWN' } })
  expect(await marketsLeft()).toBe(120)
  const done = await world.json('/invalidate', { body: { planId, confirm } })
  expect(done.status).toBe(200)
  expect(await marketsLeft()).toBe(0)
  expect(world.cache.family('positions').holds(7)).toBe(true)
})

test.each([
  [{ family: 'market' }, 'market'],
  [{ tags: ['userId:7'] }, 'userId:7'],
])('what %o reaches nobody knows or is a clear, so %j has to be typed', async (scope, confirm) => {
  const direct = await world.json('/invalidate', { body: scope })
  expect(direct).toMatchObject({ status: 409, body: { code: 'PLAN_REQUIRED' } })
  const dryRun = { body: { ...scope, dryRun: true } }
  const { body: plan } = await world.json('/invalidate', dryRun)
  expect(plan).toMatchObject({ confirm, needsConfirm: true })
  const body = { planId: plan.planId, confirm }
  expect((await world.json('/invalidate', { body })).status).toBe(200)
})

test.each([{ family: 'market' }, { pattern: 'market:*' }, { pattern: '?*' }])(
  'an operator does not clear what %o says',
  async (scope) => {
    for (const dryRun of [true, false]) {
      const asked = { ...asOperator, body: { ...scope, dryRun } }
      expect(await world.json('/invalidate', asked)).toMatchObject({
        status: 403,
        body: { code: 'FORBIDDEN' },
      })
    }
    const some = { ...asOperator, body: { pattern: 'market:11*' } }
    expect((await world.json('/invalidate', some)).status).toBe(200)
    expect(await marketsLeft()).toBe(109)
  },
)

test('a plan is carried out by the route that made it', async () => {
  const plan = (await world.json('/clear', { body: { scope: 'market', dryRun: true } })).body
  const body = { planId: plan.planId, confirm: plan.confirm }
  expect((await world.json('/invalidate', { body })).body).toMatchObject({ code: 'PLAN_UNKNOWN' })
  expect((await world.json('/clear', { body })).status).toBe(200)
})

test('clearing everything needs ALL to be typed, by an administrator', async () => {
  const dryRun = { body: { scope: 'all', dryRun: true } }
  expect((await world.json('/clear', { ...asOperator, ...dryRun })).status).toBe(403)
  const { planId, confirm, count } = (await world.json('/clear', dryRun)).body
  expect([confirm, count]).toEqual(['ALL', 121])
  const done = await world.json('/clear', { body: { planId, confirm: 'ALL' } })
  expect(done).toMatchObject({ status: 200, body: { what: 'everything' } })
  expect((await world.cache.positions.lookup(7)).from).toBe('source')
  expect((await world.cache.market.lookup('1')).from).toBe('source')
})

test.each([
  [{}, 'INVALID_REQUEST'],
  [{ keys: [] }, 'INVALID_REQUEST'],
  [{ keys: ['no:such:family'] }, 'INVALID_REQUEST'],
  [{ keys: ['market:1'], pattern: 'market:*' }, 'INVALID_REQUEST'],
  [{ pattern: '*' }, 'INVALID_REQUEST'],
  [{ pattern: 'market:\n*' }, 'INVALID_REQUEST'],
  [{ family: 'constructor' }, 'INVALID_REQUEST'],
  [{ keys: ['market:1'], reason: 'x'.repeat(201) }, 'INVALID_REQUEST'],
  [{ keys: ['market:1'], force: true }, 'INVALID_REQUEST'],
  [{ keys: Array(1_001).fill('market:1') }, 'INVALID_REQUEST'],
])('refuses %o', async (body, code) => {
  const answer = await world.json('/invalidate', { ...asOperator, body })
  expect(answer).toMatchObject({ status: 400, body: { code } })
})

test('what was refused stands in the audit log too', async () => {
  await world.json('/clear', { token: tokenOf('viewer'), body: { scope: 'all', dryRun: true } })
  const { entries } = (await world.json('/audit')).body
  expect(entries[0]).toMatchObject({ user: 'the-viewer', action: 'clear', result: 'refused' })
})

test('loads keys anew, runs a task that warms, and sets a breaker', async () => {
  const tasks: string[] = []
  const warm = (task: string) => (task === 'top' ? Promise.resolve(tasks.push(task)) : undefined)
  const own = await openWorld({ warm })
  await own.cache.market.get('1')
  const refreshed = await own.json('/refresh', { ...asOperator, body: { keys: ['market:1'] } })
  expect(refreshed).toMatchObject({ status: 200, body: { reached: 1 } })
  expect(own.cache.stats().families.market?.loads).toBe(2)
  expect((await own.json('/warm', { ...asOperator, body: { task: 'top' } })).status).toBe(200)
  expect((await own.json('/warm', { ...asOperator, body: { task: 'no' } })).status).toBe(404)
  const elsewhere = { ...asOperator, body: { task: 'top', service: 'bot' } }
  expect((await own.json('/warm', elsewhere)).status).toBe(400)
  expect(tasks).toEqual(['top'])
  const path = '/breakers/family%3Amarket'
  expect((await own.json(path, { ...asOperator, body: { consecutive: 2 } })).status).toBe(200)
  expect((await own.json(path, { ...asOperator, body: { sometimes: 2 } })).status).toBe(400)
  const unknown = await own.json('/breakers/family%3Anone', { ...asOperator, body: {} })
  expect(unknown.status).toBe(404)
  await own.close()
})

test('a task that takes long goes on, and whoever asked is told that it does', async () => {
  const clock = new VirtualClock()
  const own = await openWorld({ clock, warm: () => new Promise(() => {}) })
  let isAnswered = false
  const asked = own.json('/warm', { ...asOperator, body: { task: 'top' } })
  void asked.then(() => {
    isAnswered = true
  })
  await eventually('it is answered', async () => {
    await clock.advance(10_001)
    return isAnswered
  })
  expect(await asked).toMatchObject({ status: 202, body: { reached: 0, pending: 1 } })
  await own.close()
})

test('what a task fails with is said to the log alone', async () => {
  const said: object[] = []
  const say = (fields: object) => void said.push(fields)
  const log = { debug: say, info: say, warn: say, error: say }
  const error = new Error('postgres://user:password@host refuses')
  const own = await openWorld({ log, warm: () => Promise.reject(error) })
  const { status, body } = await own.json('/warm', { ...asOperator, body: { task: 'top' } })
  expect([status, JSON.stringify(body)]).toEqual([503, expect.not.stringContaining('postgres')])
  expect(said).toContainEqual({ err: error })
  await own.close()
})
