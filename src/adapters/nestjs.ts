/** The admin API in NestJS, on Express or on Fastify. */
import { type DynamicModule, type MiddlewareConsumer, Module } from '@nestjs/common'
import type { Ops } from '../ops/index.ts'
import { type OpsMiddleware, opsMiddleware } from './node.ts'

/** How the admin API stands among other routes. */
export interface CacheAdminOptions {
  /** What `setGlobalPrefix` was given, with a slash in front. Default: nothing. */
  readonly prefix?: string | undefined
}

/**
 * A module that answers what is of the admin API.
 *
 * @example
 * class AppModule {} // @Module({ imports: [cacheAdminModule(ops)] })
 */
export function cacheAdminModule(ops: Ops, { prefix = '' }: CacheAdminOptions = {}): DynamicModule {
  const answer = opsMiddleware(ops)
  const middleware: OpsMiddleware = (request, response, next) => {
    const { url = '/' } = request
    // What Nest has matched it takes away from `url`.
    const whole = 'originalUrl' in request ? String(request.originalUrl) : url
    if (!whole.startsWith(prefix)) return next()
    request.url = whole.slice(prefix.length) || '/'
    answer(request, response, () => {
      request.url = url
      next()
    })
  }
  class CacheAdminModule {
    configure(consumer: MiddlewareConsumer): void {
      consumer.apply(middleware).forRoutes('{*path}')
    }
  }
  Module({})(CacheAdminModule)
  return { module: CacheAdminModule }
}
