/** The admin API of a service, as a command speaks to it. */
import { StaleproofError } from '../../core/errors.ts'
import { environment, systemClock } from '../../system.ts'
import type { Flags } from '../command.ts'
import { textIn } from '../flags.ts'
import { secretIn, withoutSecrets } from './address.ts'

const answerMsMax = 30_000
/** A page of keys is a few hundred kilobytes; a value may be large. */
const answerBytesMax = 64 * 1024 * 1024
const path = 'api/v1/cache'
const schemaVersion = 1

/** Undefined: the command was not told of one. Throws `SP_OPTION_INVALID`. */
export function adminApi(flags: Flags): AdminApi | undefined {
  const address = textIn(flags, 'url')
  if (address === undefined) return undefined
  const file = textIn(flags, 'token-file')
  const token = file === undefined ? environment('STALEPROOF_TOKEN') : secretIn('token-file', file)
  return new AdminApi(baseOf(address), token)
}

export class AdminApi {
  /** With a slash behind it. */
  readonly base: string
  readonly #token: string | undefined

  constructor(base: string, token: string | undefined) {
    this.base = base
    this.#token = token
  }

  /** Rejects with `SP_ADMIN_UNREACHABLE` or `SP_ADMIN_REFUSED`. The type is what the route says. */
  get<Answer>(route: string): Promise<Answer> {
    return this.#send(route, { method: 'GET' })
  }

  post<Answer>(route: string, body: object): Promise<Answer> {
    const headers = { 'content-type': 'application/json' }
    return this.#send(route, { method: 'POST', headers, body: JSON.stringify(body) })
  }

  async #send<Answer>(route: string, request: RequestInit): Promise<Answer> {
    const token = this.#token
    const authorization = token === undefined ? undefined : { authorization: `Bearer ${token}` }
    const headers = { ...request.headers, ...authorization, accept: 'application/json' }
    const ended = new AbortController()
    const timer = systemClock.timer(answerMsMax, () => ended.abort())
    try {
      const url = `${this.base}${route}`
      const response = await fetch(url, { ...request, headers, signal: ended.signal }).catch(
        (cause: unknown) => raise(this.#unreachable(reasonOf(cause), cause)),
      )
      const answer = fieldsOf(await this.#textOf(response))
      if (!response.ok) throw refused(response.status, answer)
      if (answer.schemaVersion === schemaVersion) return answer as Answer
      throw this.#unreachable('an answer of another program, or another version of it')
    } finally {
      timer.cancel()
    }
  }

  async #textOf({ body }: Response): Promise<string> {
    const decoder = new TextDecoder()
    let [text, bytes] = ['', 0]
    try {
      for await (const part of body ?? []) {
        bytes += part.byteLength
        if (bytes > answerBytesMax) break
        text += decoder.decode(part, { stream: true })
      }
    } catch (cause) {
      throw this.#unreachable(reasonOf(cause), cause)
    }
    if (bytes <= answerBytesMax) return text + decoder.decode()
    throw this.#unreachable(`an answer of more than ${answerBytesMax} bytes`)
  }

  #unreachable(received: string, cause?: unknown): StaleproofError {
    const message = `no admin API answers at ${withoutSecrets(this.base)}`
    return new StaleproofError('SP_ADMIN_UNREACHABLE', message, {
      expected: 'a service that runs and mounts it; see docs/admin-api.md',
      received,
      cause,
    })
  }
}

/** Of the service, or of the routes themselves. */
function baseOf(address: string): string {
  if (URL.canParse(address) && /^https?:$/.test(new URL(address).protocol)) {
    const url = new URL(address)
    const mounted = url.pathname.replace(/\/+$/, '')
    url.pathname = mounted.endsWith(path) ? `${mounted}/` : `${mounted}/${path}/`
    return url.href
  }
  const details = {
    expected: 'an address such as http://localhost:4100',
    received: withoutSecrets(address),
  }
  throw new StaleproofError('SP_OPTION_INVALID', "option '--url'", details)
}

function refused(status: number, answer: Readonly<Record<string, unknown>>): StaleproofError {
  const said = [answer.code, answer.detail ?? answer.title].filter((part) => part !== undefined)
  const received = said.length === 0 ? `status ${status}` : `${status} ${said.join(': ')}`
  const code = status >= 500 ? 'SP_ADMIN_UNREACHABLE' : 'SP_ADMIN_REFUSED'
  return new StaleproofError(code, 'the service refuses this', {
    expected: wanted(status),
    received,
  })
}

function wanted(status: number): string {
  if (status === 401) return 'a token in STALEPROOF_TOKEN or --token-file'
  if (status === 403) return 'the token of a role that may do it'
  if (status === 404) return 'something that is there; is --url the address of the admin API?'
  if (status === 405) return 'a service that is not read-only'
  if (status === 429) return 'fewer requests; wait a minute'
  return 'what the service can do now'
}

function fieldsOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const fields: unknown = JSON.parse(text)
    return typeof fields === 'object' && fields !== null ? { ...fields } : {}
  } catch {
    return {}
  }
}

/** What fetch throws says nothing; its cause does. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error
  if (!(cause instanceof Error)) return String(cause)
  return cause.name === 'AbortError'
    ? `nothing within ${answerMsMax / 1_000} s`
    : cause.message || String('code' in cause ? cause.code : cause.name)
}

function raise(error: Error): never {
  throw error
}
