/**
 * Asks another service for JSON. Every request has a deadline, which the whole answer keeps, and
 * every answer a greatest length; an answer that is no success is an
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

/** `status` is 0 where no answer came, or none that could be read to its end. */
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
/** Longest answer that is read. */
export const answerBytesMax: number = 16 * 1_024 * 1_024
const faultBody = z.object({ error: z.string(), message: z.string() })

export async function requestJson(url: string, request: JsonRequest = {}): Promise<JsonAnswer> {
  const { response, text } = await send(url, request)
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

interface Received {
  readonly response: Response
  readonly text: string
}

async function send(url: string, request: JsonRequest): Promise<Received> {
  const { method = 'GET', body, headers, signal, timeoutMs = timeoutMsDefault } = request
  const deadline = AbortSignal.timeout(timeoutMs)
  try {
    const response = await fetch(url, {
      method,
      headers: {
        ...headers,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: signal === undefined ? deadline : AbortSignal.any([signal, deadline]),
    })
    return { response, text: await textOf(url, response) }
  } catch (cause) {
    if (cause instanceof HttpFault) throw cause
    throw new HttpFault(0, { code: 'no_answer', message: `no answer from ${url}`, cause })
  }
}

async function textOf(url: string, { body }: Response): Promise<string> {
  if (body === null) return ''
  const decoder = new TextDecoder()
  let [text, bytes] = ['', 0]
  for await (const part of body) {
    bytes += part.byteLength
    if (bytes > answerBytesMax) {
      const message = `expected at most ${answerBytesMax} bytes from ${url}`
      throw new HttpFault(0, { code: 'answer_too_long', message })
    }
    text += decoder.decode(part, { stream: true })
  }
  return text + decoder.decode()
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Not JSON: the caller's schema says what it wanted.
    return text
  }
}
