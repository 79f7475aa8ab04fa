/** Thrown where a check asks for what is not there; its finding says why. Nobody else sees it. */
export class Missing extends Error {
  override readonly name = 'Missing'
  readonly status: 'skipped' | 'unknown'

  /** `unknown`: the server does not give the number. `skipped`: it could not be asked. */
  constructor(status: 'skipped' | 'unknown', reason: string) {
    super(reason)
    this.status = status
  }
}
