/** Thrown where a check asks for what is not there; its finding says why. Nobody else sees it. */
export class Missing extends Error {
  override readonly name = 'Missing'
  readonly status: 'skipped' | 'unknown' | 'moot'

  /**
   * `unknown`: the server does not give the number. `skipped`: it could not be asked. `moot`: it
   * does not apply, or nobody asked for it.
   */
  constructor(status: 'skipped' | 'unknown' | 'moot', reason: string) {
    super(reason)
    this.status = status
  }
}
