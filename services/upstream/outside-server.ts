// The HTTP server of the two services that stand for the outside world, this one and the local
// Telegram. It looks like the server of the inner services to a caller, but knows no cache: the
// outside must run, and be tested, without the library.
import Fastify, { type FastifyBaseLogger, type FastifyError, LogController } from 'fastify'
import { validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod'
import { ServiceError } from '../process/service-error.ts'

const BODY_BYTES_MAX = 256 * 1024

/** A server whose routes infer their types from zod schemas. */
export type OutsideServer = ReturnType<typeof createOutsideServer>

export function createOutsideServer(log: FastifyBaseLogger) {
  const app = Fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_BYTES_MAX,
    // Long polls and event streams must not hold up the end of the process.
    forceCloseConnections: true,
  }).withTypeProvider<ZodTypeProvider>()
  app.setValidatorCompiler(validatorCompiler)
  app.setNotFoundHandler((request, reply) => {
    reply.code(404).send({ error: 'no_such_route', message: `There is no ${request.url}.` })
  })
  app.setErrorHandler<FastifyError | ServiceError>((error, request, reply) => {
    if (error instanceof ServiceError) {
      reply.code(error.status).send({ error: error.code, message: error.message })
      return
    }
    const status = error.statusCode ?? 500
    if (status < 500) {
      reply.code(status).send({ error: 'invalid_request', message: error.message })
      return
    }
    request.log.error({ err: error, url: request.url }, 'request failed')
    const message = 'Something went wrong on our side.'
    reply.code(500).send({ error: 'internal_error', message })
  })
  return app
}
