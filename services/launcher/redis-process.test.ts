import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { freePort } from './ports.ts'
import { processIdentity } from './process-identity.ts'
import { RedisProcess } from './redis-process.ts'
import { RunRecord } from './run-record.ts'

// Answers every request, but 20 ms late, as the WebAssembly server does without its guard.
const slowServer = `
import { createServer } from 'node:net'
console.log(process.pid)
createServer((socket) => {
  socket.on('error', () => {})
  socket.on('data', (bytes) => {
    const requests = bytes.toString().split('*').length - 1
    setTimeout(() => socket.write('+PONG\\r\\n'.repeat(requests)), 20)
  })
}).listen(Number(process.argv[2]), '127.0.0.1')
`
let folder: string
let record: RunRecord

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'staleproof-slow-'))
  record = new RunRecord(folder)
})
afterEach(() => {
  record.close()
  rmSync(folder, { recursive: true, force: true })
})

it('refuses a server that answers too slowly, and leaves no process', async () => {
  const module = join(folder, 'slow.mjs')
  writeFileSync(module, slowServer)
  const lines: string[] = []
  const args = (port: number): string[] => [module, String(port)]
  const start = RedisProcess.start({
    program: { command: process.execPath, args, settings: {}, isNode: true, pingMsMax: 5 },
    port: await freePort(),
    folder,
    record,
    onLine: (line) => lines.push(line),
  })
  await expect(start).rejects.toThrow(/PING takes \d+\.\d ms, at most 5 ms is accepted/)
  expect(processIdentity(Number(lines[0]))).toBeUndefined()
})
