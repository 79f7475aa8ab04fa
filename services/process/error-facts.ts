/**
 * What the log says of an error. Errors of libraries carry what they worked with: the query builder
 * every parameter, grammY the address with the bot's token. So these few properties are taken, and
 * no other.
 */
import { errorChain } from './error-chain.ts'

export interface ErrorFacts {
  readonly type: string
  readonly code?: string | number
  readonly message?: string
  /** Without the message. */
  readonly stack?: string
  readonly cause?: ErrorFacts
}

const cut = '[cut]'
const secrets: readonly (readonly [RegExp, string])[] = [
  [/\/bot[^/\s]*:[^/\s]+/g, `/bot${cut}`],
  [/\b\d+:[\w-]{30,}/g, cut],
  [/\/\/[^/\s@]+@/g, `//${cut}@`],
  [/bearer\s+\S+/gi, `bearer ${cut}`],
]

export function errorFacts(error: unknown): ErrorFacts {
  const chain = [...errorChain(error)]
  if (chain.length === 0) return { type: typeof error, message: withoutSecrets(String(error)) }
  const facts = chain.map(factsOf)
  return facts.reduceRight((cause, outer) => ({ ...outer, cause }))
}

function factsOf(error: object): ErrorFacts {
  const code = 'code' in error ? error.code : undefined
  const message = messageOf(error)
  const stack = stackOf(error)
  return {
    type: typeOf(error),
    ...((typeof code === 'string' || typeof code === 'number') && { code }),
    ...(message !== undefined && { message: withoutSecrets(message) }),
    ...(stack !== undefined && { stack }),
  }
}

/** The name, or that of the class where nobody gave it one. */
function typeOf(error: object): string {
  if (!(error instanceof Error)) return 'object'
  return /^error$/i.test(error.name) ? error.constructor.name : error.name
}

/** None where it quotes what was worked with. */
function messageOf(error: object): string | undefined {
  if (!('message' in error) || typeof error.message !== 'string') return undefined
  return 'params' in error || isDataException(error) ? undefined : error.message
}

/** PostgreSQL can't use a value, and shows it. */
function isDataException(error: object): boolean {
  return 'severity' in error && 'code' in error && String(error.code).startsWith('22')
}

function stackOf(error: object): string | undefined {
  if (!(error instanceof Error) || error.stack === undefined) return undefined
  const { message, stack } = error
  const begin = stack.indexOf(message)
  const frames = begin === -1 ? stack : stack.slice(begin + message.length)
  return withoutSecrets(frames.split('\n').filter(isFrame).join('\n'))
}

function isFrame(line: string): boolean {
  return /^\s+at /.test(line)
}

function withoutSecrets(text: string): string {
  return secrets.reduce((rest, [secret, replacement]) => rest.replace(secret, replacement), text)
}
