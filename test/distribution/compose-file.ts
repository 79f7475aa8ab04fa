/** `compose.yaml` as Docker Compose would read it: merged, and with variables put in. */
import { parse } from 'yaml'
import { z } from 'zod'
import { readCheckout } from '../tidy/source-files.ts'

const container = z.object({
  image: z.string(),
  build: z.string().optional(),
  profiles: z.array(z.string()).default([]),
  command: z.array(z.string()).optional(),
  environment: z
    .record(z.string(), z.union([z.string(), z.number()]).transform(String))
    .default({}),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
  mem_limit: z.string().optional(),
  healthcheck: z.object({ test: z.array(z.string()) }).optional(),
})
export type Container = z.output<typeof container>

const composeFile = z.object({ services: z.record(z.string(), container) })

export const composeText: string = readCheckout('compose.yaml')

/** Throws where a variable that has to be set is not, as Compose does. */
export function containers(
  variables: Readonly<Record<string, string>>,
): Readonly<Record<string, Container>> {
  const read: unknown = parse(composeText, { merge: true })
  return composeFile.parse(withVariables(read, variables)).services
}

/** Names of variables that Compose takes from its own environment. */
export function variablesIn(text: string): ReadonlySet<string> {
  const uncommented = text.replaceAll(/^ *#.*$/gm, '').replaceAll('$$', '')
  return new Set([...uncommented.matchAll(/\$\{(\w+)/g)].map(([, name = '']) => name))
}

function withVariables(value: unknown, variables: Readonly<Record<string, string>>): unknown {
  if (typeof value === 'string') return substituted(value, variables)
  if (Array.isArray(value)) return value.map((one) => withVariables(one, variables))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([name, one]) => [name, withVariables(one, variables)])
  return Object.fromEntries(entries)
}

/** The innermost first: a default may itself name variables. `$$` is a plain dollar. */
function substituted(text: string, variables: Readonly<Record<string, string>>): string {
  const dollar = '\0'
  let left = text.replaceAll('$$', dollar)
  const innermost = /\$\{(\w+)(?::([-?])([^{}$]*))?\}/
  for (let found = innermost.exec(left); found !== null; found = innermost.exec(left)) {
    const [whole, name = '', kind, words = ''] = found
    const value = variables[name] ?? ''
    if (value === '' && kind === '?') throw new Error(`${name} is not set: ${words}`)
    left = left.replace(whole, () => (value === '' && kind === '-' ? words : value))
  }
  return left.replaceAll(dollar, '$')
}
