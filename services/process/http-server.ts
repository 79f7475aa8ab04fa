/**
 * The HTTP side that every service with a cache has: Fastify with zod validation, readable errors.
 */
import Fastify, { type FastifyBaseLogger, LogController } from 'fastify'
import {
  hasZodFastifySchemaValidationErrors,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod'
import { isStaleproofError } from 'staleproof'
import { outageOf } from './outage.ts'
import { ServiceError } from './service-error.ts'

/** A server whose routes infer their types from zod schemas. */
export type TypedServer = ReturnType<typeof createHttpServer>

const bodyBytesMax = 256 * 1024

export function createHttpServer(log: FastifyBaseLogger) {
  const app = Fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: bodyBytesMax,
    routerOptions: { maxParamLength: 1_024 },
    forceCloseConnections: true,
  }).withTypeProvider<ZodTypeProvider>()
  app.setValidatorCompiler(validatorCompiler)
  // What answers hold was checked where it was made; tests compare it with the declared schemas.
  app.setSerializerCompiler(() => (answer) => JSON.stringify(answer))
  app.setNotFoundHandler((request, reply) => {
    reply.code(404).send({ error: 'no_such_route', message: `There is no ${request.url}.` })
  })
  app.setErrorHandler((error, request, reply) => {
    const { status, code, message, retryAfterMs } = answerTo(error)
    if (status === 500) request.log.error({ err: error, url: request.url }, 'request failed')
    if (status === 503) request.log.warn({ err: error, url: request.url, code }, 'request refused')
    if (retryAfterMs !== undefined) reply.header('retry-after', secondsUntil(retryAfterMs))
    reply.code(status).send({ error: code, message })
  })
  return app
}

export interface Address {
  /** Loopback by default. */
  readonly host?: string | undefined
  /** 0, the default, takes a free port. */
  readonly port?: number | undefined
}

/** Resolves to the URL. */
export function listen(app: TypedServer, { host, port }: Address): Promise<string> {
  return app.listen({
    host: host ?? '127.0.0.1',
    port: port ?? 0,
    listenTextResolver: () => 'open',
  })
}

interface Answer {
  readonly status: number
  readonly code: string
  readonly message: string
  readonly retryAfterMs?: number | undefined
}

function answerTo(error: unknown): Answer {
  if (error instanceof ServiceError) return error
  if (hasZodFastifySchemaValidationErrors(error)) {
    const faults = error.validation.map((fault) => `${placeOf(fault.instancePath)}${fault.message}`)
    return { status: 400, code: 'invalid_request', message: faults.join('; ') }
  }
  const outage = outageOf(error)
  if (outage !== undefined) return outage
  if (isCallersFault(error)) return { status: 400, code: 'invalid_request', message: error.message }
  const status = statusOf(error)
  if (status < 500 && error instanceof Error) {
    return { status, code: 'invalid_request', message: error.message }
  }
  return { status: 500, code: 'internal_error', message: 'Something went wrong on our side.' }
}

/** `Retry-After` is in whole seconds, and 0 would ask for a storm. */
function secondsUntil(waitMs: number): string {
  return String(Math.max(1, Math.ceil(waitMs / 1_000)))
}

/** A token or an id from outside that the cache refuses is a mistake of whoever sent it. */
function isCallersFault(error: unknown): error is Error {
  if (!isStaleproofError(error)) return false
  return ['SP_TOKEN_INVALID', 'SP_ID_TYPE', 'SP_ID_TOO_LONG'].includes(error.code)
}

function placeOf(instancePath: string): string {
  const place = instancePath.replace(/^\//, '').replaceAll('/', '.')
  return place === '' ? '' : `${place}: `
}

function statusOf(error: unknown): number {
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return 500
  return typeof error.statusCode === 'number' ? error.statusCode : 500
}
