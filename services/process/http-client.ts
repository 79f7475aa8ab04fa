/**
 * Asks another service for JSON. Every request has a deadline; an answer that is no success is an
 * `HttpFault` with the code and the sentence that the service gave.
 */
import { z } from 'zod'

export interface JsonRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly body?: object | undefined
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal | undefined
  readonly timeoutMs?: number
}

export interface JsonAnswer {
  readonly body: unknown
  readonly headers: Headers
}

/** `status` is 0 where no answer came at all. */
export class HttpFault extends Error {
  readonly status: number
  readonly code: string
  /** When it is worth asking again, where the other side said so. */
  readonly retryAfterMs: number | undefined

  constructor(status: number, { code, message, retryAfterMs, cause }: FaultText) {
    super(message, { cause })
    this.name = 'HttpFault'
    this.status = status
    this.code = code
    this.retryAfterMs = retryAfterMs
  }
}

interface FaultText {
  readonly code: string
  readonly message: string
  readonly retryAfterMs?: number | undefined
  readonly cause?: unknown
}

const timeoutMsDefault = 5_000
const faultBody = z.object({ error: z.string(), message: z.string() })

export async function requestJson(url: string, request: JsonRequest = {}): Promise<JsonAnswer> {
  const response = await send(url, request)
  const text = await response.text()
  const body = text === '' ? undefined : parsed(text)
  if (response.ok) return { body, headers: response.headers }
  const fault = faultBody.safeParse(body)
  const { error: code, message } = fault.success
    ? fault.data
    : { error: 'unreadable_answer', message: `${url} answered ${response.status}` }
  const retryAfterMs = waitOf(response.headers.get('retry-after'))
  throw new HttpFault(response.status, { code, message, retryAfterMs })
}

/** `Retry-After` in seconds; a date, which HTTP allows too, is nothing that our services send. */
function waitOf(retryAfter: string | null): number | undefined {
  return retryAfter !== null && /^\d{1,6}$/.test(retryAfter)
    ? Number(retryAfter) * 1_000
    : undefined
}

async function send(url: string, request: JsonRequest): Promise<Response> {
  const { method = 'GET', body, headers, signal, timeoutMs = timeoutMsDefault } = request
  const deadline = AbortSignal.timeout(timeoutMs)
  try {
    return await fetch(url, {
      method,
      headers: {
        ...headers,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: signal === undefined ? deadline : AbortSignal.any([signal, deadline]),
    })
  } catch (cause) {
    throw new HttpFault(0, { code: 'no_answer', message: `no answer from ${url}`, cause })
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Not JSON: the caller's schema says what it wanted.
    return text
  }
}
