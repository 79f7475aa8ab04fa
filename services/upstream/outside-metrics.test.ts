import { defineCatalog, openCache } from 'staleproof'
import { expect, it, onTestFinished } from 'vitest'
import { Closing } from '../process/closing.ts'
import { createHttpServer, type TypedServer } from '../process/http-server.ts'
import { silentLogger } from '../process/logger.ts'
import { addMetrics } from '../process/metrics.ts'
import { openTelegram } from '../telegram/server.ts'
import { addOutsideMetrics } from './outside-metrics.ts'
import { createOutsideServer } from './outside-server.ts'
import { openUpstream } from './server.ts'

const metricsToken = 'of-whoever-scrapes'
const adminToken = 'of-whoever-looks-after-it'

async function scrapeOf(app: TypedServer): Promise<string> {
  app.get('/markets/:id', async () => 'one')
  await app.inject('/markets/7')
  await app.inject('/nowhere')
  const headers = { authorization: `Bearer ${metricsToken}` }
  const { body } = await app.inject({ url: '/metrics', headers })
  return body
}

/** Series of requests, each with its labels in order and without what it has counted. */
function seriesIn(text: string): readonly string[] {
  const lines = text.split('\n').filter((line) => /^(# \w+ )?http_server_/.test(line))
  return lines
    .map((line) => (line.startsWith('#') ? line : line.slice(0, line.lastIndexOf(' '))))
    .map((line) => line.replace(/\{(.+)\}/, (_, labels) => `{${labels.split(',').sort()}}`))
    .sort()
}

it('tells requests by the names, labels and edges of the services inside', async () => {
  const outside = createOutsideServer(silentLogger())
  addOutsideMetrics(outside, metricsToken)
  const closing = new Closing()
  onTestFinished(() => closing.close())
  const cache = await openCache(defineCatalog('shop', {}), { service: 'api', log: false })
  closing.add(() => cache.close())
  const inside = createHttpServer(silentLogger())
  addMetrics(inside, { cache, closing, metricsToken })

  const [told, expected] = [await scrapeOf(outside), await scrapeOf(inside)]

  expect(seriesIn(told)).toEqual(seriesIn(expected))
  expect(told).toContain(
    'http_server_requests_total{route="/markets/:id",method="GET",status="200"} 1\n',
  )
  expect(told).toContain('http_server_requests_total{route="none",method="GET",status="404"} 1\n')
})

const open = {
  upstream: () => openUpstream({ port: 0, isPaused: true, adminToken, metricsToken }),
  telegram: () => openTelegram({ port: 0, botToken: '4100:test', adminToken, metricsToken }),
}

it.each(['upstream', 'telegram'] as const)('%s is looked after as others are', async (name) => {
  const service = await open[name]()
  onTestFinished(() => service.close())
  const ask = async (path: string, token = 'guessed') => {
    const headers = { authorization: `Bearer ${token}` }
    const response = await fetch(service.url + path, { headers })
    return { status: response.status, text: await response.text() }
  }

  expect(await ask('/health')).toEqual({ status: 200, text: '{"status":"ok"}' })
  expect((await ask('/debug/health')).status).toBe(401)
  expect(JSON.parse((await ask('/debug/health', adminToken)).text)).toMatchObject({ service: name })
  expect((await ask('/metrics')).status).toBe(401)
  expect((await ask('/metrics', metricsToken)).text).toContain('route="/health"')
})

it.each(['upstream', 'telegram'] as const)('%s shows nothing without tokens', async (name) => {
  const without = { adminToken: undefined, metricsToken: undefined }
  const service = await (name === 'upstream'
    ? openUpstream({ port: 0, isPaused: true, ...without })
    : openTelegram({ port: 0, botToken: '4100:test', ...without }))
  onTestFinished(() => service.close())
  for (const path of ['/metrics', '/debug/health']) {
    expect((await fetch(service.url + path)).status, path).toBe(404)
  }
})
