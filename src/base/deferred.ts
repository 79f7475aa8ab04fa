/** A promise that is settled from outside; settling it again does nothing. */
export class Deferred<T> {
  readonly promise: Promise<T>
  #resolve: (value: T | PromiseLike<T>) => void = () => {}
  #reject: (reason: unknown) => void = () => {}

  constructor() {
    this.promise = new Promise<T>((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
  }

  resolve(value: T | PromiseLike<T>): void {
    this.#resolve(value)
  }

  reject(reason: unknown): void {
    this.#reject(reason)
  }
}
