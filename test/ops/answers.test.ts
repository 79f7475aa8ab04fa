/** The document says what comes: real answers are held to its schemas, with nothing besides. */

import { apiBase, openApiDocument, type RouteName, routes } from 'staleproof/ops'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { describeWithRedis, startRedis, type TestRedis } from '../servers/redis.ts'
import { openWorld, type World } from './world.ts'

const document = Object(openApiDocument())
const { schemas } = document.components

/** JSON Schemas that refer to each other, for a validator that knows `$defs`. */
function validatorOf(name: string): z.ZodType {
  const text = JSON.stringify({ $ref: `#/components/schemas/${name}`, $defs: schemas })
  return z.fromJSONSchema(JSON.parse(text.replaceAll('#/components/schemas/', '#/$defs/')))
}

const paths: Partial<Record<RouteName, string>> = {
  family: '/families/market',
  entry: '/entries/market%3A1?value=1',
}

describeWithRedis('with a Redis', () => {
  let redis: TestRedis
  let world: World
  beforeAll(async () => {
    redis = await startRedis()
    world = await openWorld({ redisUrl: redis.url })
    await world.cache.market.get('1')
    await world.cache.positions.get(7)
    await world.cache.positions.invalidate(7, { reason: 'sold', subject: 'user 7' })
    await world.cache.settled()
  })
  afterAll(async () => {
    await world.close()
    await redis.stop()
  })

  const read = [...routes].filter(([, row]) => row.method === 'GET' && row.answer !== undefined)
  test.each(read)('GET %s answers as the document says', async (name, row) => {
    const { status, body } = await world.json(paths[name] ?? row.path)
    expect(status).toBe(200)
    expect(body).toMatchObject({ schemaVersion: 1, atMs: expect.any(Number) })
    if (row.answer === undefined) throw new Error('expected a schema')
    expect(validatorOf(row.answer).safeParse(body).error).toBeUndefined()
  })

  test('changes answer as the document says', async () => {
    const asked = { body: { scope: 'market', dryRun: true, reason: 'again' } }
    const plan = (await world.json('/clear', asked)).body
    expect(validatorOf('PlanAnswer').safeParse(plan).error).toBeUndefined()
    const { planId, confirm } = plan
    const done = (await world.json('/clear', { body: { planId, confirm } })).body
    expect(validatorOf('DoneAnswer').safeParse(done).error).toBeUndefined()
    const refused = (await world.json('/clear', { body: { planId, confirm } })).body
    expect(validatorOf('Problem').safeParse(refused).error).toBeUndefined()
    const audit = (await world.json('/audit')).body
    expect(audit.entries.length).toBeGreaterThanOrEqual(3)
    expect(validatorOf('AuditAnswer').safeParse(audit).error).toBeUndefined()
  })
})

test('a field that no schema knows is noticed', () => {
  const answer = { schemaVersion: 1, atMs: 1, families: [], more: true }
  expect(validatorOf('FamiliesAnswer').safeParse(answer).success).toBe(false)
})

test('the document has every route, and refers to nothing that is not there', () => {
  for (const [name, { method, path }] of routes) {
    const documented = apiBase + path.replaceAll(/:(\w+)/g, '{$1}')
    expect(document.paths[documented][method.toLowerCase()].operationId).toBe(name)
  }
  const referred = [...JSON.stringify(document).matchAll(/#\/components\/schemas\/(\w+)/g)]
  for (const [, name] of referred) expect(Object.keys(schemas)).toContain(name)
})

test('the API answers with the document', async () => {
  const world = await openWorld()
  const { status, body } = await world.json('/openapi.json')
  expect([status, body]).toEqual([200, JSON.parse(JSON.stringify(openApiDocument()))])
  await world.close()
})
