/** TCP servers that are no Redis, or one that lies. */
import { createServer, type Socket } from 'node:net'

export interface FakeRedis {
  readonly port: number
  stop(): Promise<void>
}

/** Hands every connection to `greet`; listens on `port`, or on a free one. */
export async function startFake(greet: (socket: Socket) => void, port = 0): Promise<FakeRedis> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    greet(socket)
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('expected a port')
  return {
    port: address.port,
    async stop() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Greets like a primary, and answers every other command with this reply. */
export function liar(reply: string): (socket: Socket) => void {
  const info =
    'redis_version:7.0.0\r\nrole:master\r\nloading:0\r\nrun_id:abc\r\nmaster_replid:def\r\n'
  return (socket) => {
    let unread = ''
    socket.on('data', (bytes) => {
      unread += bytes.toString('latin1')
      for (;;) {
        const [command, length] = firstCommand(unread)
        if (command === undefined) return
        unread = unread.slice(length)
        const isGreeting = command === 'CLIENT' || command === 'SELECT'
        if (command === 'INFO') socket.write(`$${info.length}\r\n${info}\r\n`)
        else socket.write(isGreeting ? '+OK\r\n' : reply)
      }
    })
  }
}

/** The name of the first whole request (an array of bulk strings), and its length. */
function firstCommand(text: string): [name: string | undefined, length: number] {
  const count = /^\*(\d+)\r\n/.exec(text)
  if (count === null) return [undefined, 0]
  let at = count[0].length
  let name: string | undefined
  for (let left = Number(count[1]); left > 0; left--) {
    const head = /^\$(\d+)\r\n/.exec(text.slice(at))
    if (head === null) return [undefined, 0]
    const end = at + head[0].length + Number(head[1])
    if (text.length < end + 2) return [undefined, 0]
    name ??= text.slice(at + head[0].length, end).toUpperCase()
    at = end + 2
  }
  return [name, at]
}
