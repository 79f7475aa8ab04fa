import { expect, test } from 'vitest'
import { z } from 'zod'
import { createHttpServer } from './http-server.ts'
import { silentLogger } from './logger.ts'
import { ServiceParts } from './reporter-parts.ts'

test('pages are counted by their route, whatever is asked for, with their errors', async () => {
  const app = createHttpServer(silentLogger())
  const parts = new ServiceParts(app)
  const schema = { params: z.object({ id: z.string() }) }
  app.get('/api/v1/cache/*', async () => 'what an administrator asks for')
  app.get('/things/:id', { schema }, async ({ params }) => {
    if (params.id === 'bad') throw new Error('broken')
    return { id: params.id }
  })
  for (const id of ['1', '2', 'bad']) await app.inject(`/things/${id}`)
  for (const path of ['/nothing', '/nowhere', '/api/v1/cache/me']) await app.inject(path)
  const [page, ...others] = parts.read().pages ?? []
  expect(page).toMatchObject({ page: 'GET /things/:id', requests: 3, errors: 1 })
  expect(page?.p95Ms).toBeGreaterThan(0)
  expect(others).toEqual([])
  await app.close()
})

test('what is added later is told as it is when it is asked', () => {
  const parts = new ServiceParts(createHttpServer(silentLogger()))
  let loads = 0
  parts.add(() => ({ preloading: { activeGroups: loads, dropped: 0, families: {} } }))
  loads = 7
  expect(parts.read().preloading?.activeGroups).toBe(7)
  expect(parts.read().database).toBeUndefined()
})
