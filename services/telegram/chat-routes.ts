// The people's side: what the web chat, the tests and the tour use to write, press and read.

import type { ServerResponse } from 'node:http'
import { z } from 'zod'
import { ServiceError } from '../process/service-error.ts'
import type { OutsideServer } from '../upstream/outside-server.ts'
import { TEXT_LENGTH_MAX } from './bot-methods.ts'
import type { Chat } from './chat.ts'
import type { Messenger } from './messenger.ts'

const WAIT_MAX_MS = 30_000
/** How often an idle page is told whether the bot listens. */
const STATUS_EVERY_MS = 5_000
/** What may wait for one page; a page that is dropped comes again and gets everything anew. */
const STREAM_BYTES_MAX = 1024 * 1024

const params = z.object({ userId: z.coerce.number().int().positive() })
const reading = z.object({
  after: z.coerce.number().int().nonnegative().default(0),
  wait: z.coerce.number().int().min(0).max(WAIT_MAX_MS).default(0),
})
const writing = z.object({ text: z.string().trim().min(1).max(TEXT_LENGTH_MAX) })
const pressing = z.object({ messageId: z.number().int().positive(), data: z.string().min(1) })

export function addChatRoutes(app: OutsideServer, messenger: Messenger): void {
  app.get('/chat', async () => ({
    bot: messenger.bot,
    people: messenger.people,
    commands: messenger.commands,
  }))
  app.post(
    '/chat/:userId/messages',
    { schema: { params, body: writing } },
    async ({ params, body }) => ({ message: messenger.write(params.userId, body.text) }),
  )
  app.post(
    '/chat/:userId/callbacks',
    { schema: { params, body: pressing } },
    async ({ params, body }) => ({ callbackId: messenger.press(params.userId, body) }),
  )
  app.get(
    '/chat/:userId/messages',
    { schema: { params, querystring: reading } },
    async ({ params, query }, reply) => {
      const chat = messenger.chat(params.userId)
      if (chat.changesAfter(query.after).cursor <= query.after && query.wait > 0) {
        await nextChange(chat, { waitMs: query.wait, response: reply.raw })
      }
      return chat.changesAfter(query.after)
    },
  )
  app.get('/chat/:userId/events', { schema: { params } }, async ({ params }, reply) => {
    const chat = messenger.chat(params.userId)
    reply.hijack()
    stream(messenger, chat, reply.raw)
  })
}

/** Resolves at the next change, when the time is up, or when the client hangs up. */
function nextChange(
  chat: Chat,
  { waitMs, response }: { waitMs: number; response: ServerResponse },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = chat.listen((event) => {
      if (event.type !== 'typing') finish()
    })
    if (stop === undefined) {
      reject(new ServiceError(503, 'too_many_readers', 'Too many readers wait on this chat.'))
      return
    }
    const timer = setTimeout(finish, waitMs)
    response.once('close', finish)

    function finish(): void {
      clearTimeout(timer)
      response.off('close', finish)
      stop?.()
      resolve()
    }
  })
}

/** Server-sent events: everything once, then each change; a new connection starts over. */
function stream(messenger: Messenger, chat: Chat, response: ServerResponse): void {
  const stop = chat.listen((event) => send(event.type, event))
  if (stop === undefined) {
    response.writeHead(503).end()
    return
  }
  const status = () => ({
    isBotListening: messenger.updates.isPolled,
    commands: messenger.commands,
  })
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  send('snapshot', { ...chat.changesAfter(0), person: chat.person, ...status() })
  const timer = setInterval(() => send('status', status()), STATUS_EVERY_MS)
  response.once('close', () => {
    clearInterval(timer)
    stop()
  })

  function send(event: string, data: object): void {
    if (response.writableLength > STREAM_BYTES_MAX) response.destroy()
    else response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
  }
}
