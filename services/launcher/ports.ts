/**
 * Which port each service listens on, and how to find out that one is taken before anything is
 * started. Ports of Redis and PostgreSQL are chosen freely, below the range from which systems
 * take the ports of outgoing connections: a client that retries a dead server's port within
 * that range can connect to itself and keep the server from coming back.
 */
import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

export const portOffsets = {
  api: 0,
  products: 10,
  upstream: 20,
  telegram: 30,
  bot: 40,
  workers: 50,
  indexer: 60,
} as const

export const portBaseDefault = 4100
const portBaseMax = 65_535 - 99
const freePortMin = 12_000
const freePortMax = 20_000
const freePortTriesMax = 100
/** Above those of single ports, so that nobody takes one of the seven meanwhile. */
const freeBaseMin = 20_000
const freeBaseMax = 30_000

/** Reads PORT_BASE; throws when it is not a number that leaves room for all ports. */
export function parsePortBase(text: string | undefined): number {
  if (text === undefined || text === '') return portBaseDefault
  const base = Number(text)
  if (Number.isInteger(base) && base >= 1024 && base <= portBaseMax) return base
  throw new Error(`PORT_BASE must be a whole number from 1024 to ${portBaseMax}, not "${text}"`)
}

/** Throws a message that names every taken port, its service and the remedy. */
export async function demandFreePorts(
  ports: ReadonlyMap<string, number>,
  portBase: number,
): Promise<void> {
  const taken: string[] = []
  for (const [name, port] of ports) {
    if (!(await isFree(port))) taken.push(`${port} (${name})`)
  }
  if (taken.length === 0) return
  const other = portBase + 1000 > portBaseMax ? portBaseDefault : portBase + 1000
  throw new Error(
    `port ${taken.join(', ')} on 127.0.0.1 is taken: end what listens there, ` +
      `or choose other ports with PORT_BASE (now ${portBase}), for example PORT_BASE=${other}`,
  )
}

/** A port on which nothing listens now. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < freePortTriesMax; tries += 1) {
    const port = randomInt(freePortMin, freePortMax)
    if (await isFree(port)) return port
  }
  throw new Error(`no free port between ${freePortMin} and ${freePortMax}`)
}

/** A base from which nothing listens now on the port of any service. */
export async function freePortBase(): Promise<number> {
  for (let tries = 0; tries < freePortTriesMax; tries += 1) {
    const base = randomInt(freeBaseMin, freeBaseMax)
    const ports = Object.values(portOffsets).map((offset) => base + offset)
    const free = await Promise.all(ports.map(isFree))
    if (free.every((one) => one)) return base
  }
  throw new Error(`no seven free ports between ${freeBaseMin} and ${freeBaseMax}`)
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
