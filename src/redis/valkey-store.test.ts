/** The same contract on Valkey 9. */
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeStore } from '../testing/store-suite.ts'
import { storeWorld } from './store-world.test-support.ts'
import { startValkey } from './valkey.test-support.ts'

const PORT = 23_030

let stop: () => Promise<void>
let admin: Redis

beforeAll(async () => {
  stop = await startValkey(PORT)
  admin = new Redis(PORT, '127.0.0.1', { protocol: 2 })
})
afterAll(async () => {
  admin.disconnect()
  await stop()
})

it('is a Valkey', async () => {
  expect(await admin.info('server')).toMatch(/valkey_version:9/)
})

describeStore({ describe, expect, it }, 'the store on Valkey', () => storeWorld(admin))
