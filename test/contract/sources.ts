/** Sources whose answers the test decides, at the moment it wants. */
import type { SourceContext } from 'staleproof'
import { eventually } from '../servers/eventually.ts'

export interface HeldCall<Id, V> {
  readonly id: Id
  readonly signal: SourceContext['signal']
  readonly answer: (value: V) => void
  readonly fail: (error: unknown) => void
}

/** The answer of a source that takes its time. */
export async function slowly<V>(ms: number, value: V): Promise<V> {
  const startMs = performance.now()
  await eventually('the load has taken its time', () => performance.now() - startMs >= ms)
  return value
}

/** Each call waits until the test answers it. */
export class HeldSource<Id, V> {
  readonly calls: HeldCall<Id, V>[] = []

  readonly load = (id: Id, { signal }: SourceContext): Promise<V> =>
    new Promise((answer, fail) => {
      this.calls.push({ id, signal, answer, fail })
    })

  /** The call of this number, which must have happened. */
  call(index = 0): HeldCall<Id, V> {
    const call = this.calls[index]
    if (call === undefined) throw new Error(`expected call ${index} of ${this.calls.length}`)
    return call
  }
}
