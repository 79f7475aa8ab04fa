/** The OpenAPI 3.1 document, made from the table of routes and the schemas. */
import { type JsonSchema, ref, text } from './json-schema.ts'
import { problemCodes } from './problem.ts'
import { apiBase, type RouteRow, routes } from './route-table.ts'
import { schemas } from './schemas.ts'

const problem = content('application/problem+json', ref('Problem'))

/** Needs no cache: the command prints it too. */
export function openApiDocument(): JsonSchema {
  const paths: Record<string, Record<string, JsonSchema>> = {}
  for (const [name, row] of routes) {
    const path = `${apiBase}${row.path.replaceAll(/:(\w+)/g, '{$1}')}`
    paths[path] = { ...paths[path], [row.method.toLowerCase()]: operationOf(name, row) }
  }
  paths['/health/cache'] = { get: health }
  return {
    openapi: '3.1.0',
    info: {
      title: 'staleproof: administration of a cache',
      version: '1',
      description: 'What is known of a cache and the processes that share it, and changing it.',
    },
    security: [{ bearer: [] }, { session: [] }],
    paths,
    components: {
      schemas,
      // Of every `code`, its status and title.
      'x-problems': problemCodes,
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        session: { type: 'apiKey', in: 'cookie', name: '__Host-staleproof-<service>' },
      },
    },
  }
}

const health: JsonSchema = {
  operationId: 'health',
  summary: 'Whether the cache does its work; open to everybody',
  security: [],
  responses: { 200: answered('The state', content('application/json', ref('HealthAnswer'))) },
}

function operationOf(operationId: string, row: RouteRow): JsonSchema {
  const { summary, role, status, body, isChange } = row
  return {
    operationId,
    summary,
    'x-role': role,
    'x-is-change': isChange,
    ...(role === 'nobody' && { security: [] }),
    parameters: [...pathParameters(row), ...queryParameters(row)],
    ...(body !== undefined && {
      requestBody: { required: true, content: content('application/json', ref(body)) },
    }),
    responses: {
      [status]: answered(summary, contentOf(row)),
      ...(row.path === '/warm' && { 202: answered('It goes on', contentOf(row)) }),
      ...problemsOf(row),
    },
  }
}

function contentOf({ answer, contentType = 'application/json' }: RouteRow): JsonSchema | undefined {
  if (answer !== undefined) return content('application/json', ref(answer))
  if (contentType === 'text/event-stream') return content(contentType, text)
  return undefined
}

function problemsOf({ isChange, method, role, path }: RouteRow): JsonSchema {
  const codes = new Set([401, ...(role === 'nobody' || role === 'viewer' ? [] : [403])])
  if (isChange) codes.add(405)
  if (method !== 'GET') for (const code of [400, 403, 413, 415, 429, 503]) codes.add(code)
  if (isChange || path === '/doctor/run') codes.add(409)
  if (path.includes(':') || path === '/warm') codes.add(404)
  if (path === '/keys' || path === '/series') codes.add(400)
  if (path === '/keys') for (const code of [429, 503]) codes.add(code)
  const titles = (status: number) =>
    Object.entries(problemCodes)
      .filter(([, row]) => row.status === status)
      .map(([code]) => code)
      .join(', ')
  return Object.fromEntries(
    [...codes].sort().map((code) => [code, answered(titles(code), problem)]),
  )
}

function pathParameters({ path }: RouteRow): JsonSchema[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: text,
  }))
}

function queryParameters({ query = {} }: RouteRow): JsonSchema[] {
  return Object.entries(query).map(([name, description]) => ({
    name,
    in: 'query',
    required: false,
    description,
    schema: text,
  }))
}

function content(type: string, schema: JsonSchema): JsonSchema {
  return { [type]: { schema } }
}

function answered(description: string, body: JsonSchema | undefined): JsonSchema {
  return { description, ...(body !== undefined && { content: body }) }
}
