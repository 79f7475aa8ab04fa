/** Stands before a Redis and keeps what clients send, so that nobody's own counting is believed. */
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

export interface Recorder {
  readonly url: string
  /** All commands so far, each as its words. */
  sent(): readonly (readonly string[])[]
  close(): Promise<void>
}

export async function startRecorder(port: number): Promise<Recorder> {
  const sockets = new Set<Socket>()
  const received: Buffer[][] = []
  const server = createServer((client) => {
    const chunks: Buffer[] = []
    received.push(chunks)
    const target = connect({ port, host: '127.0.0.1' })
    for (const socket of [client, target]) {
      sockets.add(socket)
      socket.on('error', () => {}).on('close', () => sockets.delete(socket))
    }
    client.on('data', (chunk: Buffer) => chunks.push(chunk))
    client.pipe(target).pipe(client)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('expected a TCP address')
  return {
    url: `redis://127.0.0.1:${address.port}`,
    sent: () => received.flatMap((chunks) => commandsIn(Buffer.concat(chunks).toString('latin1'))),
    async close() {
      server.close()
      for (const socket of sockets) socket.destroy()
      await once(server, 'close')
    },
  }
}

/** RESP as clients write it: lists of counted strings. */
function commandsIn(text: string): readonly (readonly string[])[] {
  const commands: string[][] = []
  let at = 0
  const count = (sign: string): number => {
    const end = text.indexOf('\r\n', at)
    if (text[at] !== sign || end < 0) throw new Error(`expected ${sign} at ${at}`)
    const number = Number(text.slice(at + 1, end))
    at = end + 2
    return number
  }
  while (at < text.length) {
    const words: string[] = []
    for (let left = count('*'); left > 0; left -= 1) {
      const length = count('$')
      words.push(text.slice(at, at + length))
      at += length + 2
    }
    commands.push(words)
  }
  return commands
}
