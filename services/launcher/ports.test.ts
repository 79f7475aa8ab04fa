import { createServer } from 'node:net'
import { expect, it } from 'vitest'
import { demandFreePorts, freePort, freePortBase, parsePortBase, portOffsets } from './ports.ts'

it('reads the base of the ports and refuses what leaves no room', () => {
  expect(parsePortBase(undefined)).toBe(4100)
  expect(parsePortBase('')).toBe(4100)
  expect(parsePortBase('21000')).toBe(21_000)
  for (const text of ['80', '65500', '4100.5', 'many']) {
    expect(() => parsePortBase(text)).toThrow(`not "${text}"`)
  }
})

it('names the taken port, its service and PORT_BASE', async () => {
  const port = await freePort()
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const demand = demandFreePorts(new Map([['api', port]]), port)
  await expect(demand).rejects.toThrow(new RegExp(`${port} \\(api\\).*PORT_BASE=`))
  await new Promise((resolve) => server.close(resolve))
  await expect(demandFreePorts(new Map([['api', port]]), port)).resolves.toBeUndefined()
})

it('chooses free ports below those of outgoing connections', async () => {
  const port = await freePort()
  expect(port).toBeGreaterThanOrEqual(12_000)
  expect(port).toBeLessThan(20_000)
})

it('chooses a base from which every service has a free port', async () => {
  const base = await freePortBase()
  const ports = Object.entries(portOffsets).map(([name, offset]) => [name, base + offset] as const)
  await expect(demandFreePorts(new Map(ports), base)).resolves.toBeUndefined()
})
