/**
 * Who may ask the launcher to end: Ctrl-C (SIGINT), SIGTERM, a closed terminal (SIGHUP), and
 * npm gone from above us. The first request ends in order, a second one kills.
 *
 * npm passes on the signal that the terminal has already sent to us, so two signals within a
 * moment are one request.
 */

export interface EndRequest {
  /** Aborted by the first request. */
  readonly signal: AbortSignal
  /** Aborted by the second. */
  readonly killSignal: AbortSignal
  /** Stops listening. */
  release(): void
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
const oneRequestMs = 400
const parentCheckMs = 1_000

/** Listens for requests to end; `watchesParent` counts the end of our parent as one. */
export function listenForEnd(watchesParent: boolean): EndRequest {
  const first = new AbortController()
  const second = new AbortController()
  let firstAt = 0
  const request = (reason: string): void => {
    if (!first.signal.aborted) {
      firstAt = performance.now()
      first.abort(new Error(`ended by ${reason}`))
    } else if (performance.now() - firstAt > oneRequestMs) {
      second.abort(new Error(`ended by ${reason}, twice`))
    }
  }
  for (const signal of signals) process.on(signal, request)
  const stopWatching = watchesParent ? watchParent(request) : () => {}
  return {
    signal: first.signal,
    killSignal: second.signal,
    release: () => {
      stopWatching()
      for (const signal of signals) process.off(signal, request)
    },
  }
}

function watchParent(request: (reason: string) => void): () => void {
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    request('the end of npm')
  }, parentCheckMs)
  timer.unref()
  return () => clearInterval(timer)
}
