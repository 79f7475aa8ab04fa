/** Every adapter carries the same, over real HTTP. */
import 'reflect-metadata'
import { createServer, type Server } from 'node:http'
import { Controller, Get, Module } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import express from 'express'
import Fastify from 'fastify'
import { Hono } from 'hono'
import { cacheAdmin as cacheAdminOfExpress } from 'staleproof/express'
import { cacheAdmin as cacheAdminOfFastify } from 'staleproof/fastify'
import { addCacheAdmin } from 'staleproof/hono'
import { cacheAdminModule } from 'staleproof/nestjs'
import { opsListener, opsMiddleware } from 'staleproof/node'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eventually } from '../servers/eventually.ts'
import { openWorld, tokenOf, type World } from './world.ts'

interface Mounted {
  readonly url: string
  close(): Promise<unknown>
}

async function listening(server: Server): Promise<Mounted> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = Object(server.address())
  const close = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return { url: `http://127.0.0.1:${port}`, close }
}

const mounts: Readonly<Record<string, (world: World) => Promise<Mounted>>> = {
  'node:http': ({ ops }) => {
    const middleware = opsMiddleware(ops)
    return listening(
      createServer((request, response) => {
        middleware(request, response, () => response.end('of the host'))
      }),
    )
  },
  'express, after its parser of JSON': ({ ops }) => {
    const app = express()
    app.use(express.json(), cacheAdminOfExpress(ops))
    app.get('/own', (_request, response) => void response.send('of the host'))
    return listening(createServer(app))
  },
  'express, below a prefix': async ({ ops }) => {
    const app = express()
    app.use('/admin', cacheAdminOfExpress(ops))
    app.get('/admin/own', (_request, response) => void response.send('of the host'))
    const { url, close } = await listening(createServer(app))
    return { url: `${url}/admin`, close }
  },
  fastify: async ({ ops }) => {
    const app = Fastify({ forceCloseConnections: true })
    await app.register(cacheAdminOfFastify, { ops })
    app.get('/own', async () => 'of the host')
    return { url: await app.listen({ host: '127.0.0.1', port: 0 }), close: () => app.close() }
  },
  'fastify, below a prefix': async ({ ops }) => {
    const app = Fastify({ forceCloseConnections: true })
    await app.register(cacheAdminOfFastify, { ops, prefix: '/admin' })
    app.get('/admin/own', async () => 'of the host')
    return {
      url: `${await app.listen({ host: '127.0.0.1', port: 0 })}/admin`,
      close: () => app.close(),
    }
  },
  hono: async ({ ops }) => {
    const app = new Hono()
    addCacheAdmin(app, ops, { prefix: '/admin' })
    app.get('/admin/own', (context) => context.text('of the host'))
    const carried = { ...ops, fetch: async (request: Request) => app.fetch(request) }
    const { url, close } = await listening(createServer(opsListener(carried)))
    return { url: `${url}/admin`, close }
  },
  nestjs: async ({ ops }) => {
    const app = await NestFactory.create(nestModule(ops), { logger: false })
    app.setGlobalPrefix('v1')
    await app.listen(0, '127.0.0.1')
    const { port } = app.getHttpServer().address()
    const close = async () => {
      app.getHttpServer().closeAllConnections()
      await app.close()
    }
    return { url: `http://127.0.0.1:${port}/v1`, close }
  },
}

/** As decorators would make it. */
function nestModule(ops: World['ops']) {
  class OwnController {
    own(): string {
      return 'of the host'
    }
  }
  Controller()(OwnController)
  const own = Object.getOwnPropertyDescriptor(OwnController.prototype, 'own')
  if (own !== undefined) Get('/own')(OwnController.prototype, 'own', own)
  class AppModule {}
  Module({ imports: [cacheAdminModule(ops, { prefix: '/v1' })], controllers: [OwnController] })(
    AppModule,
  )
  return AppModule
}

describe.each(Object.entries(mounts))('%s', (_name, mount) => {
  let world: World
  let mounted: Mounted
  beforeAll(async () => {
    world = await openWorld({ dashboard: import.meta.dirname })
    mounted = await mount(world)
  })
  afterAll(async () => {
    await mounted.close()
    await world.close()
  })

  function ask(path: string, init: RequestInit = {}, token: string | undefined = undefined) {
    const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` }
    const headers = { ...authorization, ...(init.headers as Record<string, string>) }
    return fetch(mounted.url + path, { ...init, headers, redirect: 'manual' })
  }
  const json = { 'content-type': 'application/json' }

  test('answers reads, with rights and headers', async () => {
    expect((await ask('/api/v1/cache/me')).status).toBe(401)
    const me = await ask('/api/v1/cache/me', {}, tokenOf('viewer'))
    expect(await me.json()).toMatchObject({ user: 'the-viewer' })
    expect(me.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(await (await ask('/health/cache')).json()).toEqual({ status: 'ok' })
  })

  test('carries bodies', async () => {
    const body = JSON.stringify({ keys: ['market:1'], reason: 'é\u{1F600}' })
    const init = { method: 'POST', headers: json, body }
    expect((await ask('/api/v1/cache/invalidate', init, tokenOf('operator'))).status).toBe(200)
    expect(world.reporter.invalidations.rows().at(-1)?.reason).toBe('é\u{1F600}')
  })

  test('gives and takes the cookie of a session', async () => {
    const headers = { ...json, 'sec-fetch-site': 'same-origin' }
    const body = JSON.stringify({ token: tokenOf('operator') })
    const signedIn = await ask('/api/v1/cache/session', { method: 'POST', headers, body })
    const [cookie = ''] = signedIn.headers.getSetCookie()
    expect(cookie).toMatch(/^staleproof-api=/)
    const asked = { headers: { cookie: cookie.split(';')[0] ?? '' } }
    expect((await ask('/api/v1/cache/me', asked)).status).toBe(200)
  })

  test('finds keys whatever stands in them', async () => {
    const { text } = world.cache.market.key('a/b c%2F?#&é')
    const path = `/api/v1/cache/entries/${encodeURIComponent(text)}`
    expect(await (await ask(path, {}, tokenOf('operator'))).json()).toMatchObject({ key: text })
  })

  test('lets the page find itself behind any prefix', async () => {
    const found = await ask('/dashboard')
    const location = found.headers.get('location') ?? ''
    expect(found.status).toBe(308)
    expect(new URL(location, `${mounted.url}/dashboard`).href).toBe(`${mounted.url}/dashboard/`)
    expect((await ask('/dashboard/none.html')).status).toBe(401)
  })

  test('streams, and forgets who has left', async () => {
    const left = new AbortController()
    const init = { signal: left.signal }
    const { body } = await ask('/api/v1/cache/stream', init, tokenOf('viewer'))
    const reader = body?.getReader()
    const first = await reader?.read()
    expect(Buffer.from(first?.value ?? []).toString()).toContain('"type":"hello"')
    left.abort()
    await eventually('the stream has ended', () => world.ops.viewers === 0)
  })

  test('leaves what is not of the admin API to the host', async () => {
    expect(await (await ask('/own')).text()).toBe('of the host')
  })
})
