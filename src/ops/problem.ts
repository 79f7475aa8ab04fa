/** Refusals of the admin API, as problem details (RFC 9457) with a stable code. */
import { isStaleproofError } from '../core/errors.ts'
import type { Problem } from './answers.ts'

/** Every code, with its status and title. */
export const problemCodes = {
  INVALID_REQUEST: { status: 400, title: 'The request can not be understood' },
  UNAUTHENTICATED: { status: 401, title: 'Who asks is not known' },
  FORBIDDEN: { status: 403, title: 'The role does not allow it' },
  CROSS_SITE: { status: 403, title: 'The request comes from another site' },
  NOT_FOUND: { status: 404, title: 'There is no such thing' },
  METHOD_NOT_ALLOWED: { status: 405, title: 'The route has no such method' },
  READ_ONLY: { status: 405, title: 'Nothing can be changed here' },
  PLAN_REQUIRED: { status: 409, title: 'A dry run has to come first' },
  PLAN_UNKNOWN: { status: 409, title: 'There is no such plan, or its minute is over' },
  CONFIRM_MISMATCH: { status: 409, title: 'What was typed is not what has to be typed' },
  ALREADY_RUNNING: { status: 409, title: 'It runs already' },
  TOO_LARGE: { status: 413, title: 'The body is too large' },
  UNSUPPORTED_TYPE: { status: 415, title: 'The body has to be application/json' },
  RATE_LIMITED: { status: 429, title: 'Too many requests' },
  INTERNAL: { status: 500, title: 'Something went wrong on our side' },
  UNAVAILABLE: { status: 503, title: 'It can not be done now' },
} as const

export type ProblemCode = keyof typeof problemCodes

/** Thrown by whatever refuses; `problemResponse` makes the response of it. */
export class Refusal extends Error {
  readonly code: ProblemCode
  readonly retryAfterMs: number | undefined

  constructor(code: ProblemCode, detail: string, retryAfterMs?: number) {
    super(detail)
    this.code = code
    this.retryAfterMs = retryAfterMs
  }
}

/** What a caller is told of an error; of those that nobody expects, nothing. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  if (!isStaleproofError(error)) return new Refusal('INTERNAL', 'The log of the service says why.')
  if (isCallersFault(error.code)) return new Refusal('INVALID_REQUEST', error.message)
  return new Refusal('UNAVAILABLE', error.message)
}

/** The answer to whoever is refused. */
export function problemResponse(refusal: Refusal): Response {
  const { status, title } = problemCodes[refusal.code]
  const body: Problem = {
    type: 'about:blank',
    title,
    status,
    detail: refusal.message,
    code: refusal.code,
  }
  const headers = new Headers({ 'content-type': 'application/problem+json' })
  if (refusal.code === 'UNAUTHENTICATED') headers.set('www-authenticate', 'Bearer')
  const { retryAfterMs } = refusal
  if (retryAfterMs !== undefined) {
    headers.set('retry-after', String(Math.max(1, Math.ceil(retryAfterMs / 1_000))))
  }
  return new Response(JSON.stringify(body), { status, headers })
}

function isCallersFault(code: string): boolean {
  return /^SP_(OPTION|ID|PATTERN|TOKEN|TAG)_/.test(code)
}
