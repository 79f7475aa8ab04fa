/** A server that knows its replies by heart: for commands of versions that are not at hand. */
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'

export interface ScriptedServer {
  readonly url: string
  /** Commands in lower case, in their order. */
  asked(pattern: RegExp): readonly string[]
  close(): Promise<void>
}

/** By the first two words of a command: its replies, one after another, and then OK. */
export async function startScriptedServer(
  replies: Readonly<Record<string, readonly unknown[]>>,
): Promise<ScriptedServer> {
  const left = new Map(Object.entries(replies).map(([command, all]) => [command, [...all]]))
  const asked: string[] = []
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
    let text = ''
    socket.on('data', (chunk) => {
      text += chunk.toString()
      for (let words = firstOf(text); words !== undefined; words = firstOf(text)) {
        text = text.slice(words.length)
        const command = words.list.join(' ').toLowerCase()
        asked.push(command)
        const queue = left.get(words.list.slice(0, 2).join(' ').toLowerCase()) ?? []
        socket.write(encoded(queue.length > 0 ? queue.shift() : 'OK'))
      }
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('expected a TCP address')
  return {
    url: `redis://127.0.0.1:${address.port}`,
    asked: (pattern) => asked.filter((command) => pattern.test(command)),
    async close() {
      server.close()
      for (const socket of sockets) socket.destroy()
      await once(server, 'close')
    },
  }
}

/** The first whole command, and how many characters it has. */
function firstOf(text: string): { readonly list: string[]; readonly length: number } | undefined {
  const head = /^\*(\d+)\r\n/.exec(text)
  if (head === null) return undefined
  const list: string[] = []
  let at = head[0].length
  for (let count = Number(head[1]); count > 0; count -= 1) {
    const size = /^\$(\d+)\r\n/.exec(text.slice(at))
    if (size === null) return undefined
    const start = at + size[0].length
    at = start + Number(size[1]) + 2
    if (at > text.length) return undefined
    list.push(text.slice(start, at - 2))
  }
  return { list, length: at }
}

function encoded(reply: unknown): string {
  if (reply instanceof Error) return `-${reply.message}\r\n`
  if (reply === null) return '$-1\r\n'
  if (typeof reply === 'number') return `:${reply}\r\n`
  if (Array.isArray(reply)) return `*${reply.length}\r\n${reply.map(encoded).join('')}`
  return `$${String(reply).length}\r\n${reply}\r\n`
}
