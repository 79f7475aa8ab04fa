/**
 * A folder of tiny services that stand in for the real ones where only their coming and going
 * matters: they answer `/health`, tell their environment at `/environment`, and misbehave when
 * asked to at `/exit`, `/deaf` (ignores SIGTERM) and `/loud` (writes a line).
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface StubServices {
  readonly folder: string
  /** Replaces the main module of one service, or adds a tour. */
  replace(name: string, source: string): void
  remove(): void
}

const names = ['upstream', 'api', 'products', 'workers', 'indexer', 'telegram', 'bot']

const source = `
import { createServer } from 'node:http'
let isDeaf = false
const server = createServer((request, response) => {
  if (request.url === '/exit') process.exit(3)
  if (request.url === '/deaf') isDeaf = true
  if (request.url === '/loud') console.log('a line of the stub')
  response.end(request.url === '/environment' ? JSON.stringify(process.env) : 'ok')
})
server.listen(Number(process.env.PORT), process.env.HOST)
process.on('SIGTERM', () => isDeaf || process.exit(0))
`

/** Writes the folder; `remove` takes it away. */
export function stubServices(): StubServices {
  const folder = mkdtempSync(join(tmpdir(), 'staleproof-stubs-'))
  const replace = (name: string, text: string): void => {
    mkdirSync(join(folder, name), { recursive: true })
    writeFileSync(join(folder, name, 'main.mjs'), text)
  }
  for (const name of names) replace(name, source)
  return { folder, replace, remove: () => rmSync(folder, { recursive: true, force: true }) }
}
