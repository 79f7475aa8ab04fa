import { defineCatalog, family, openCache, shape } from 'staleproof'
import { expect, it, onTestFinished } from 'vitest'
import { z } from 'zod'
import { DatabasePool } from '../database/pool.ts'
import { Closing } from './closing.ts'
import { createHttpServer } from './http-server.ts'
import { silentLogger } from './logger.ts'
import { addMetrics } from './metrics.ts'

const catalog = defineCatalog('shop', {
  user: family('user:{id:int}', { value: shape<string>(), ttl: '1m' }),
})
const metricsToken = 'of-whoever-scrapes'

interface Given {
  readonly token?: string
  readonly pool?: DatabasePool
}

async function open({ token, pool }: Given = { token: metricsToken }) {
  const closing = new Closing()
  onTestFinished(() => closing.close())
  const sources = { user: (id: number) => `user ${id}` }
  const cache = await openCache(catalog, { service: 'api', log: false, sources })
  closing.add(() => cache.close())
  const app = createHttpServer(silentLogger())
  addMetrics(app, { cache, closing, metricsToken: token, pool })
  const params = z.object({ id: z.coerce.number() })
  app.get('/users/:id', { schema: { params } }, ({ params: { id } }) => cache.user.get(id))
  closing.add(() => app.close())
  const scrape = (authorization = `Bearer ${metricsToken}`) => {
    return app.inject({ url: '/metrics', headers: { authorization } })
  }
  return { app, scrape }
}

it('answers whoever has the token with the text of Prometheus', async () => {
  const { app, scrape } = await open()
  await app.inject('/users/7')
  const { statusCode, headers, body } = await scrape()
  expect(statusCode).toBe(200)
  expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8')
  expect(body).toContain('\ncache_gets_total{cache="user",result="miss",served_by="source"} 1\n')
})

it('tells nothing to anybody else', async () => {
  const { scrape } = await open()
  const { statusCode, body } = await scrape('Bearer guessed')
  expect(statusCode).toBe(401)
  expect(body).not.toContain('cache_')
})

it('does not exist without a token', async () => {
  const { scrape } = await open({})
  expect((await scrape()).statusCode).toBe(404)
})

it('times the queries of the database, and tells the use of its pool', async () => {
  const pool = new DatabasePool({ databaseUrl: 'postgres://127.0.0.1:1/none', size: 3 })
  const { scrape } = await open({ token: metricsToken, pool })
  pool.onStatement(120)
  const { body } = await scrape()
  expect(body).toContain('db_query_duration_seconds_bucket{le="0.1"} 0\n')
  expect(body).toContain('db_query_duration_seconds_bucket{le="0.2"} 1\n')
  expect(body).toContain('db_pool_connections{state="used"} 0\n')
  expect(body).toContain('db_pool_max_connections 3\n')
})

it('counts requests by the template of their route, whatever address was asked for', async () => {
  const { app, scrape } = await open()
  app.get('/api/v1/cache/*', async () => 'what an administrator asks for')
  await app.inject('/api/v1/cache/me')
  for (const url of ['/users/1', '/users/2', '/users/x', '/nowhere/1', '/nowhere/2']) {
    await app.inject(url)
  }
  const { body } = await scrape()
  const requests = body.split('\n').filter((line) => line.startsWith('http_server_requests_total'))
  expect(requests.toSorted()).toEqual([
    'http_server_requests_total{route="/users/:id",method="GET",status="200"} 2',
    'http_server_requests_total{route="/users/:id",method="GET",status="400"} 1',
    'http_server_requests_total{route="none",method="GET",status="404"} 2',
  ])
  const count = 'http_server_request_duration_seconds_count{route="/users/:id",method="GET"} 3'
  expect(body).toContain(count)
})
