/**
 * Who a request is for, known wherever the request leads. It tells reads apart that are learned
 * from; it gives no right to anything, so nobody has to prove it.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import type { TypedServer } from '../../process/http-server.ts'
import { endUserOf } from '../../process/request-headers.ts'

/** Returns who reads now. Routes added later know it. */
export function followReaders(app: TypedServer): () => string | undefined {
  const readers = new AsyncLocalStorage<string>()
  app.addHook('preHandler', (request, _reply, done) => {
    const user = endUserOf(request)
    if (user === undefined) done()
    else readers.run(user, done)
  })
  return () => readers.getStore()
}
