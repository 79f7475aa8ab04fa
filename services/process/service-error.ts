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

export function notFound(kind: string, id: string | number): ServiceError {
  return new ServiceError(404, `${kind}_not_found`, `There is no ${kind} ${id}.`)
}

export function conflict(code: string, message: string): ServiceError {
  return new ServiceError(409, code, message)
}
