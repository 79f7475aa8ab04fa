// The Bot API over HTTP: `POST /bot<token>/<method>`, answers as `{ ok, result }` or
// `{ ok, error_code, description }`.

import { z } from 'zod'
import type { OutsideServer } from '../upstream/outside-server.ts'

import { BotApiError, botMethods } from './bot-methods.ts'
import type { Messenger } from './messenger.ts'

const params = z.object({ token: z.string(), method: z.string() })

export function addBotRoutes(
  app: OutsideServer,
  { messenger, botToken }: { messenger: Messenger; botToken: string },
): void {
  const methods = botMethods(messenger)
  app.post('/bot:token/:method', { schema: { params } }, async (request, reply) => {
    const abort = new AbortController()
    // A bot that hangs up in the middle of a long poll must not keep its place.
    reply.raw.once('close', () => abort.abort())
    try {
      if (request.params.token !== botToken) throw new BotApiError(401, 'Unauthorized')
      const method = methods.get(request.params.method.toLowerCase())
      if (method === undefined) throw new BotApiError(404, 'Not Found: method not found')
      return { ok: true, result: await method(request.body ?? {}, abort.signal) }
    } catch (error) {
      const refusal = refusalOf(error)
      return reply
        .code(refusal.code)
        .send({ ok: false, error_code: refusal.code, description: refusal.message })
    }
  })
}

/** The refusal to send; anything unexpected goes on to the error handler of the server. */
function refusalOf(error: unknown): BotApiError {
  if (error instanceof BotApiError) return error
  if (!(error instanceof z.ZodError)) throw error
  const [issue] = error.issues
  const where = issue === undefined ? '' : `${issue.path.join('.')}: `
  return new BotApiError(400, `Bad Request: ${where}${issue?.message ?? 'invalid parameters'}`)
}
