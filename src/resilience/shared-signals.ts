/**
 * One listener for each signal of a caller, however much waits with it: a request's signal is
 * given to every read of the request, and Node warns at the eleventh listener.
 */

/** An `AbortSignal`, as far as it is listened to; this compiles without DOM and Node types. */
interface Firing {
  addEventListener(type: 'abort', listener: () => void): void
  removeEventListener(type: 'abort', listener: () => void): void
}

/** Whoever adds a call removes it. */
export class SharedSignals {
  readonly #waits = new WeakMap<Firing, Wait>()

  /** `onAbort` is called once, when the signal fires; the signal must not have fired. */
  add(signal: Firing, onAbort: () => void): void {
    const wait = this.#waits.get(signal) ?? listen(signal)
    this.#waits.set(signal, wait)
    wait.calls.add(onAbort)
  }

  remove(signal: Firing, onAbort: () => void): void {
    const wait = this.#waits.get(signal)
    if (wait === undefined || !wait.calls.delete(onAbort) || wait.calls.size > 0) return
    signal.removeEventListener('abort', wait.fire)
    this.#waits.delete(signal)
  }
}

interface Wait {
  readonly calls: Set<() => void>
  readonly fire: () => void
}

function listen(signal: Firing): Wait {
  const calls = new Set<() => void>()
  const fire = () => {
    for (const call of [...calls]) call()
  }
  signal.addEventListener('abort', fire)
  return { calls, fire }
}
