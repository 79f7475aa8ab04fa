/** `/users`: who trades here. */
import { z } from 'zod'
import { userSchema } from '../../domain/user.ts'
import { userSaved } from '../../domain/writes.ts'
import { commitWrite } from '../../process/commit-write.ts'
import type { TypedServer } from '../../process/http-server.ts'
import { afterHeader } from '../../process/request-headers.ts'
import { notFound } from '../../process/service-error.ts'
import { wellFormed } from '../../process/well-formed.ts'
import { absentRefusals, answer, refusals } from '../http/answers.ts'
import { telegramId } from '../http/ids.ts'
import { readThrough } from '../http/read-headers.ts'
import { saveUser, userByTelegramId } from '../repositories/users.ts'
import type { ApiServices } from '../services.ts'

const newUser = z.object({ telegram_id: telegramId, name: wellFormed.trim().min(1).max(100) })
const userPath = z.object({ telegramId })

export function addUserRoutes(app: TypedServer, services: ApiServices): void {
  const { cache, database } = services

  const save = {
    summary: 'Adds a user, or changes the name of one who is there.',
    body: newUser,
    response: { 200: answer('The user.', userSchema), ...refusals },
  }
  app.post('/users', { schema: save }, async (request, reply) => {
    const { telegram_id: telegramId, name } = request.body
    const { result, token } = await commitWrite(services, userSaved, async (transaction) => {
      const { user, isChanged } = await saveUser(transaction, { telegramId, name })
      const change = isChanged ? { telegramId } : undefined
      return { result: user, change, subject: `user:${user.id}` }
    })
    if (token !== undefined) reply.header(afterHeader, token)
    return result
  })

  const one = {
    summary: 'A user, with his balance.',
    params: userPath,
    response: { 200: answer('The user.', userSchema), ...absentRefusals },
  }
  app.get('/users/:telegramId', { schema: one }, async (request) => {
    const { telegramId } = request.params
    const user = await readThrough(request, {
      cached: (options) => cache.user.get(telegramId, options),
      database: () => userByTelegramId(database, telegramId),
    })
    if (user === undefined) throw notFound('user', telegramId)
    return user
  })
}
