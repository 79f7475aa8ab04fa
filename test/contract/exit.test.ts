import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { typescriptArguments } from '../servers/processes.ts'
import { describeRedis } from './caches.ts'

const file = fileURLToPath(new URL('./exit-worker.ts', import.meta.url))
const deadlineMs = 20_000

describeRedis('a program', (bench) => {
  it.each([
    ['embedded', () => 'embedded', '5\n'],
    ['with Redis', () => bench.server.url, '5\n'],
    ['with Redis away', () => 'redis://127.0.0.1:1', '5\nSP_INVALIDATION_PENDING\n'],
  ])('ends by itself once its cache is closed, %s', async (_, redis, output) => {
    expect(await run(redis())).toEqual({ code: 0, signal: null, output })
  })
})

async function run(redis: string) {
  const child = spawn(process.execPath, [...typescriptArguments, file, redis, 'close'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: deadlineMs,
  })
  let output = ''
  child.stdout.on('data', (bytes) => {
    output += bytes
  })
  const [code, signal] = await once(child, 'close')
  return { code, signal, output }
}
