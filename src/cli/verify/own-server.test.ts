import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect } from 'vitest'
import { testWithRedis } from '../../redis/redis-server.test-support.ts'
import { freePorts } from './free-ports.ts'
import { OwnServer, serverProgram } from './own-server.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'staleproof-own-server-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function serverOn(port: number, name: string): OwnServer {
  return new OwnServer({
    program: serverProgram(),
    folder: join(folder, name),
    port,
    arguments: [],
  })
}

testWithRedis(
  'a server that ends instead of answering is refused at once, with its end',
  async () => {
    const [port = 0] = await freePorts(1)
    const server = serverOn(port, 'own')
    const starting = server.start(['--no-such-setting', 'yes'])
    await expect(starting).rejects.toThrow(
      `the server on port ${port} ended with 1 before it answered`,
    )
  },
)

testWithRedis('a stranger that answers on the same port is not taken for ours', async () => {
  const [port = 0] = await freePorts(1)
  const stranger = serverOn(port, 'stranger')
  await stranger.start()
  try {
    const starting = serverOn(port, 'own').start()
    await expect(starting).rejects.toThrow(`the server on port ${port} ended with 1`)
  } finally {
    await stranger.stop()
  }
})
