/**
 * Ports for servers of our own, below those that systems give to outgoing connections: a client
 * that tries the port of a dead server again and again can be given that very port for its own
 * end. Then it is connected to itself, and the server can't come back.
 */
import { createServer } from 'node:net'
import { below } from './chance.ts'

const least = 12_000
const most = 31_999
const triesMax = 100

/** As many different ones, on which nothing listens now. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const ports = new Set<number>()
  for (let tries = 0; ports.size < count; tries += 1) {
    if (tries === triesMax) throw new Error(`no free port from ${least} to ${most}`)
    const port = least + below(most - least)
    if (await isFree(port)) ports.add(port)
  }
  return [...ports]
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
      server.close(() => resolve(true))
    })
  })
}
