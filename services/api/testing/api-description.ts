/** For tests: the parts of an OpenAPI 3.1 document that ours may have, and no others. */
import { z } from 'zod'

export const methods = ['get', 'post', 'patch', 'delete'] as const

const jsonSchema = z.record(z.string(), z.unknown())
const content = z.strictObject({ 'application/json': z.strictObject({ schema: jsonSchema }) })
const parameter = z.strictObject({
  name: z.string().min(1),
  in: z.enum(['path', 'query', 'header']),
  required: z.boolean(),
  schema: jsonSchema,
})
const response = z.strictObject({
  description: z.string().min(1),
  content: z.union([content, z.strictObject({})]).optional(),
})
const operation = z.strictObject({
  summary: z.string().min(1),
  parameters: z.array(parameter).optional(),
  requestBody: z.strictObject({ content, required: z.boolean().optional() }).optional(),
  responses: z.record(z.string().regex(/^[1-5]\d\d$/), response),
})

export const apiDescription = z.strictObject({
  openapi: z.string(),
  info: z.strictObject({ title: z.string(), version: z.string(), description: z.string() }),
  components: z.strictObject({ schemas: z.record(z.string(), jsonSchema) }),
  paths: z.record(
    z.string().startsWith('/'),
    z.strictObject({
      get: operation.optional(),
      post: operation.optional(),
      patch: operation.optional(),
      delete: operation.optional(),
    }),
  ),
})
export type ApiDescription = z.infer<typeof apiDescription>
