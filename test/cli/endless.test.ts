/** A service whose answers have no end: the command has one. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { runCommand } from './command-line.ts'

let server: Server | undefined
afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

type Answer = (route: string) => string | AsyncIterable<string>

async function serving(answer: Answer): Promise<string> {
  const http = createServer(async (request, response) => {
    const body = answer(request.url?.replace('/api/v1/cache/', '') ?? '')
    for await (const part of typeof body === 'string' ? [body] : body) {
      if (response.destroyed) return
      if (!response.write(part)) await new Promise((resolve) => response.once('drain', resolve))
    }
    response.end()
  })
  server = http
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const { port } = http.address() as AddressInfo
  return `http://127.0.0.1:${port}`
}

it('ends a search that finds nothing for ever, and says that there may be more', async () => {
  let pages = 0
  const url = await serving((route) => {
    if (route === 'services') return JSON.stringify({ schemaVersion: 1, processes: [] })
    pages += 1
    const page = { keys: [], cursor: 'more', scanned: 10_000, isComplete: false }
    return JSON.stringify({ schemaVersion: 1, ...page })
  })
  const { code, stdout, stderr } = await runCommand(['keys', 'a:*', '--url', url, '--json'])
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ keys: [], isComplete: false })
  expect(stderr).toContain('there may be more')
  expect(pages).toBe(100)
})

it('does not read on where an answer is larger than any', async () => {
  const url = await serving(async function* () {
    for (;;) yield 'x'.repeat(1_048_576)
  })
  const { code, stderr } = await runCommand(['warm', '--url', url])
  expect(code).toBe(3)
  expect(stderr).toContain('an answer of more than 67108864 bytes')
})
