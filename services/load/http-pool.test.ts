import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it } from 'vitest'
import { freePort } from '../launcher/ports.ts'
import { HttpPool } from './http-pool.ts'

it('answers with status 0 where nobody listens', async () => {
  const pool = new HttpPool(`http://127.0.0.1:${await freePort()}`, 1)
  expect(await pool.send({ method: 'GET', path: '/' })).toMatchObject({ status: 0 })
  pool.close()
})

it('keeps its connections, and opens no more of them than allowed', async () => {
  let connections = 0
  const server = createServer((request, response) => {
    request.pipe(response)
  })
  server.on('connection', () => {
    connections += 1
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // Listening on a port, not on a path.
  const { port } = server.address() as AddressInfo
  const pool = new HttpPool(`http://127.0.0.1:${port}`, 2)
  const body = { text: 'é' }
  const asked = { method: 'POST', path: '/echo', body } as const
  const answers = await Promise.all(Array.from({ length: 20 }, () => pool.json(asked)))
  expect(answers).toEqual(Array.from({ length: 20 }, () => body))
  expect(connections).toBe(2)
  pool.close()
  await new Promise((resolve) => server.close(resolve))
})
