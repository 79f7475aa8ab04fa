/** `/users`: who trades here. */
import { z } from 'zod'
import { userSaved } from '../../domain/writes.ts'
import type { TypedServer } from '../../process/http-server.ts'
import { notFound } from '../../process/service-error.ts'
import { telegramId } from '../http/ids.ts'
import { afterHeader, readThrough } from '../http/read-headers.ts'
import { saveUser, userByTelegramId } from '../repositories/users.ts'
import { type ApiServices, commitWrite } from '../services.ts'

const newUser = z.object({ telegram_id: telegramId, name: z.string().trim().min(1).max(100) })
const userPath = z.object({ telegramId })

export function addUserRoutes(app: TypedServer, services: ApiServices): void {
  const { cache, database } = services

  app.post('/users', { schema: { body: newUser } }, async (request, reply) => {
    const { telegram_id: telegramId, name } = request.body
    const { result, token } = await commitWrite(services, userSaved, async (transaction) => {
      const { user, isChanged } = await saveUser(transaction, { telegramId, name })
      const change = isChanged ? { telegramId } : undefined
      return { result: user, change, subject: `user:${user.id}` }
    })
    if (token !== undefined) reply.header(afterHeader, token)
    return result
  })

  app.get('/users/:telegramId', { schema: { params: userPath } }, async (request) => {
    const { telegramId } = request.params
    const user = await readThrough(request, {
      cached: (options) => cache.user.get(telegramId, options),
      database: () => userByTelegramId(database, telegramId),
    })
    if (user === undefined) throw notFound('user', telegramId)
    return user
  })
}
