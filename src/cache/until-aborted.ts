/** Walks what comes in batches, such as a scan, until the caller wants no more of it. */
import { Deferred } from '../base/deferred.ts'

/** Its batches, or 'aborted' as soon as that is so, also while the next one is awaited. */
export async function* untilAborted<T>(
  batches: AsyncIterable<T>,
  signal: AbortSignal | undefined,
): AsyncGenerator<T | 'aborted', void> {
  const abort = new Deferred<'aborted'>()
  const onAbort = () => abort.resolve('aborted')
  if (signal?.aborted) onAbort()
  signal?.addEventListener('abort', onAbort)
  const iterator = batches[Symbol.asyncIterator]()
  try {
    while (true) {
      const next = iterator.next()
      // Whoever has stopped is not told of what comes too late.
      next.catch(() => {})
      const step = await Promise.race([abort.promise, next])
      if (step === 'aborted') yield step
      else if (step.done) return
      else yield step.value
    }
  } finally {
    signal?.removeEventListener('abort', onAbort)
  }
}
