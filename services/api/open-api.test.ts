// The description of the API, as it is served: it is well formed, it has every route, and what
// the API really answers is what it says.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { startPostgres } from '../../test/servers/postgres.ts'
import { isTest, readCheckout, sourceFiles } from '../../test/tidy/source-files.ts'
import { chainOf, nodesOf, syntaxOf, textOf } from '../../test/tidy/syntax.ts'
import { type ApiDescription, apiDescription, methods } from './testing/api-description.ts'
import { type ApiStage, openApiStage } from './testing/api-stage.ts'
import { exampleRequests } from './testing/example-requests.ts'
import { sampleMarket } from './testing/sample-data.ts'

let stage: ApiStage
let description: ApiDescription

beforeAll(async () => {
  const markets = ['11', '12'].map((id) => sampleMarket(id, { groupId: 'g1' }))
  stage = await openApiStage(await startPostgres(), { markets, adminToken: 'token-of-the-test' })
  description = apiDescription.parse((await stage.ask('/openapi.json')).body)
})
afterAll(() => stage.close())

test('is OpenAPI 3.1, and every reference in it leads somewhere', () => {
  expect(description.openapi).toMatch(/^3\.1\./)
  const known = Object.keys(description.components.schemas)
  const references = [...JSON.stringify(description).matchAll(/"\$ref":"([^"]*)"/g)]
  expect(references.length).toBeGreaterThan(0)
  for (const [, reference = ''] of references) {
    expect(known.map((name) => `#/components/schemas/${name}`)).toContain(reference)
  }
})

test('each parameter of a path is declared, and each operation says what it is', () => {
  for (const { path, operation } of operationsOf(description)) {
    const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
    const declared = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path')
    expect(declared.map((parameter) => parameter.name)).toEqual(named)
    expect(operation.summary).not.toBe('')
    expect(Object.keys(operation.responses)).toEqual(
      expect.arrayContaining(['400', '429', '500', '503']),
    )
  }
})

test('has every route of the API, and nothing else', () => {
  const described = operationsOf(description).map(({ name }) => name)
  expect(described.toSorted()).toEqual(routesInCode().toSorted())
})

test('has the routes that the documentation lists, and those alone', () => {
  const page = readCheckout('docs/reference-system/api.md')
  const listed = [...page.matchAll(/`((?:GET|POST|PATCH|DELETE) \/[^`?]*)`/g)].map(
    ([, name]) => name,
  )
  const ours = listed.filter((name) => !/ \/(debug|openapi)/.test(name ?? ''))
  const described = operationsOf(description).map(({ name }) => name)
  expect(ours.toSorted()).toEqual(described.toSorted())
})

test('what every route answers is what it declares', async () => {
  const answered = new Set<string>()
  for await (const { name, status, body } of exampleRequests(stage)) {
    const operation = operationsOf(description).find((known) => known.name === name)?.operation
    const response = operation?.responses[status]
    expect(response, `${name} declares no ${status}`).toBeDefined()
    const declared = response?.content?.['application/json']?.schema
    const shape = declared === undefined ? z.undefined() : shapeOf(declared)
    expect(shape.safeParse(body).error?.message, `${name} ${status}`).toBeUndefined()
    if (status.startsWith('2')) answered.add(name)
  }
  expect([...answered].sort()).toEqual(routesInCode().toSorted())
})

test('an answer that is not as declared would be seen', () => {
  const shape = shapeOf({ $ref: '#/components/schemas/Refusal' })
  expect(shape.safeParse({ error: 'x', message: 'y' }).success).toBe(true)
  expect(shape.safeParse({ error: 'x' }).success).toBe(false)
  expect(shape.safeParse({ error: 'x', message: 'y', more: 1 }).success).toBe(false)
})

function shapeOf(schema: object): z.ZodType {
  const local = JSON.stringify({ ...schema, $defs: description.components.schemas })
  return z.fromJSONSchema(JSON.parse(local.replaceAll('#/components/schemas/', '#/$defs/')))
}

function operationsOf({ paths }: ApiDescription) {
  return Object.entries(paths).flatMap(([path, operations]) =>
    methods.flatMap((method) => {
      const operation = operations[method]
      const name = `${method.toUpperCase()} ${path}`
      return operation === undefined ? [] : [{ path, name, operation }]
    }),
  )
}

/** `app.get('/prices/:marketId', …)` in the folder of the routes, as `GET /prices/{marketId}`. */
function routesInCode(): string[] {
  const files = sourceFiles().filter(
    (file) => file.path.startsWith('services/api/routes/') && !isTest(file),
  )
  return files.flatMap((file) =>
    [...nodesOf(syntaxOf(file).program)].flatMap(({ node }) => {
      if (node.type !== 'CallExpression' || !Array.isArray(node.arguments)) return []
      const method = /^app\.(\w+)$/.exec(chainOf(node.callee) ?? '')?.[1]
      const path = textOf(node.arguments[0])
      if (method === undefined || path === undefined) return []
      return [`${method.toUpperCase()} ${path.replaceAll(/:(\w+)/g, '{$1}')}`]
    }),
  )
}
