/** `/openapi.json`: what the API can do, made of the schemas by which it checks its requests. */
import swagger from '@fastify/swagger'
import {
  createJsonSchemaTransform,
  createJsonSchemaTransformObject,
} from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { TypedServer } from '../../process/http-server.ts'
import { components } from './answers.ts'

const info = {
  title: 'Polycool API',
  version: '1.0.0',
  description: [
    'Markets, prices, positions and leaders of a trading bot.',
    'A write answers with the header `x-staleproof-after`; a read that sends it back sees that',
    'write. A read with `cache-control: no-cache` is answered by the database.',
  ].join(' '),
}

/** Routes of those who run the system; they are no part of what users can do. */
const operations = /^\/(api\/v1\/cache|control|dashboard|debug|health|metrics|openapi\.json)\b/
const transform = createJsonSchemaTransform({ schemaRegistry: components })

/** Before the routes: it describes those that are added after it. */
export async function addOpenApi(app: TypedServer): Promise<void> {
  await app.register(swagger, {
    openapi: { openapi: '3.1.0', info },
    transform: (route) => {
      return operations.test(route.url)
        ? { schema: { hide: true }, url: route.url }
        : transform(route)
    },
    transformObject: createJsonSchemaTransformObject({ schemaRegistry: components }),
  })
  app.get('/openapi.json', () => withoutInputs(app.swagger()))
}

const described = z.looseObject({
  components: z.looseObject({ schemas: z.record(z.string(), z.unknown()) }),
})

/** Each component is also made for requests, which hold none of them. */
function withoutInputs(document: object) {
  const { components, ...rest } = described.parse(document)
  const schemas = Object.entries(components.schemas).filter(([name]) => !name.endsWith('Input'))
  return { ...rest, components: { ...components, schemas: Object.fromEntries(schemas) } }
}
