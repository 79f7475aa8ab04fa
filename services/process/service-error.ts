/** A refusal that the caller is meant to read: an HTTP status, a stable code, and a sentence. */
export class ServiceError extends Error {
  readonly status: number
  readonly code: string

  constructor(status: number, code: string, message: string) {
    super(message)
    this.name = 'ServiceError'
    this.status = status
    this.code = code
  }
}

export interface BusyRefusal {
  readonly status: 429 | 503
  readonly code: string
  readonly message: string
  readonly retryAfterMs: number
  readonly cause?: unknown
}

/** A refusal for now: the answer says in `Retry-After` when it is worth asking again. */
export class BusyError extends ServiceError {
  readonly retryAfterMs: number

  constructor({ status, code, message, retryAfterMs, cause }: BusyRefusal) {
    super(status, code, message)
    this.name = 'BusyError'
    this.retryAfterMs = retryAfterMs
    this.cause = cause
  }
}

export function notFound(kind: string, id: string | number): ServiceError {
  return new ServiceError(404, `${kind}_not_found`, `There is no ${kind} ${id}.`)
}

export function conflict(code: string, message: string): ServiceError {
  return new ServiceError(409, code, message)
}
