/**
 * Who a request is for, known wherever the request leads. It tells reads apart that are learned
 * from; it gives no right to anything, so nobody has to prove it.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import type { TypedServer } from '../../process/http-server.ts'

const name = /^[\w.:-]{1,64}$/

/** Returns who reads now. Routes added later know it. */
export function followReaders(app: TypedServer): () => string | undefined {
  const readers = new AsyncLocalStorage<string>()
  app.addHook('preHandler', (request, _reply, done) => {
    const user = request.headers['x-end-user']
    if (typeof user === 'string' && name.test(user)) readers.run(user, done)
    else done()
  })
  return () => readers.getStore()
}
