/** docs/admin-api.md says what the table of routes says. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openApiDocument, routes } from 'staleproof/ops'
import { expect, test } from 'vitest'
import { checkout } from '../tidy/source-files.ts'

const page = readFileSync(join(checkout, 'docs/admin-api.md'), 'utf8')

test('every route stands in the table of the docs with its role', () => {
  const rows = [...routes.values()].map(({ method, path, role, query, summary }) => {
    const names = query === undefined ? '' : `?${Object.keys(query).join('&')}`
    const shown = `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}${names}`
    return `| \`${shown}\` | ${role} | ${summary} |`
  })
  expect(rowsUnder('| route | role | what |')).toEqual(rows)
})

test('every code of a problem stands there with its status', () => {
  const problems = Object(openApiDocument()).components['x-problems']
  const codes = Object.keys(problems).map((code) => {
    const { status, title } = problems[code]
    return `| \`${code}\` | ${status} | ${title} |`
  })
  expect(rowsUnder('| code | status | what |')).toEqual(codes)
})

function rowsUnder(heading: string): string[] {
  const [, after = ''] = page.split(`${heading}\n|---|---|---|\n`)
  const [table = ''] = after.split('\n\n')
  return table.split('\n').filter((line) => line !== '')
}
