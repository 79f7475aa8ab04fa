/**
 * One call of a source for one flight or a batch. It ends with the source, at the
 * load timeout, on close, or when the last caller has left, whichever comes first;
 * in the last three cases the source's signal fires (CONTRACT 19).
 */
import { setMaxListeners } from 'node:events'
import type { Engine } from './engine.ts'
import type { FamilyRuntime } from './family-runtime.ts'
import { callersLeft, loadTimeout, sourceShape } from './faults.ts'
import type { KeyFlight } from './flight-of.ts'
import type { LoadScope, Scope } from './load-scope.ts'

export interface SourceCallParts {
  readonly engine: Engine
  readonly scope: LoadScope
  /** Fires when the cache is closed and its grace has passed. */
  readonly closing: AbortSignal
}

export interface QueuedCall {
  readonly flights: readonly KeyFlight[]
  /** The load timeout counts from here: waiting for a turn is part of it. */
  readonly queuedMs: number
}

/** Values aligned with the flights; rejects with the source's own error, unchanged. */
export function callSource(
  { engine, scope, closing }: SourceCallParts,
  family: FamilyRuntime,
  { flights, queuedMs }: QueuedCall,
): Promise<readonly unknown[]> {
  const outer = flights[0]?.outer
  if (closing.aborted) return Promise.reject(closing.reason)
  if (outer?.signal.aborted) return Promise.reject(outer.signal.reason)
  const controller = new AbortController()
  // Every nested load listens; that many are no leak.
  setMaxListeners(0, controller.signal)
  const nowMs = engine.clock.now()
  const deadlineMs = Math.min(
    queuedMs + engine.settings.loadTimeoutMs,
    outer?.deadlineMs ?? Number.POSITIVE_INFINITY,
  )
  if (deadlineMs <= nowMs) {
    return Promise.reject(loadTimeout(family.name, keyNames(flights), deadlineMs - queuedMs))
  }
  return new Promise((resolve, reject) => {
    // A source that hangs must not keep timers and listeners for ever.
    const end = () => {
      timer.cancel()
      closing.removeEventListener('abort', onClosing)
      outer?.signal.removeEventListener('abort', onOuter)
    }
    const giveUp = (error: unknown) => {
      end()
      // Whoever comes now must not join what has just failed.
      for (const flight of flights) flight.isClosed = true
      reject(error)
      controller.abort(error)
    }
    const onTime = () => giveUp(loadTimeout(family.name, keyNames(flights), deadlineMs - queuedMs))
    const timer = engine.clock.timer(deadlineMs - nowMs, onTime)
    const onClosing = () => giveUp(closing.reason)
    const onOuter = () => giveUp(outer?.signal.reason)
    const onLeft = () => {
      if (flights.every((flight) => flight.isAbandoned)) giveUp(callersLeft(keyNames(flights)))
    }
    closing.addEventListener('abort', onClosing)
    outer?.signal.addEventListener('abort', onOuter)
    for (const flight of flights) flight.onAbandoned = onLeft
    const inner: Scope = {
      chain: [...(outer?.chain ?? []), ...flights.map((flight) => flight.key)],
      signal: controller.signal,
      deadlineMs,
    }
    scope
      .run(inner, () => ask(family, flights, controller.signal))
      .then(resolve, (error) => {
        for (const flight of flights) flight.sourceThrew(error)
        reject(error)
      })
      .finally(end)
    onLeft()
  })
}

async function ask(
  family: FamilyRuntime,
  flights: readonly KeyFlight[],
  signal: AbortSignal,
): Promise<readonly unknown[]> {
  const { source } = family
  if (source === undefined) throw new TypeError(`family ${family.name} has no source`)
  const ids = flights.map((flight) => flight.id)
  const [id] = ids
  if (source.single !== undefined) {
    return [await (family.hasId ? source.single(id, { signal }) : source.single({ signal }))]
  }
  const values: unknown = await source.many?.(ids, { signal })
  if (Array.isArray(values) && values.length === ids.length) return values
  throw sourceShape(family.name, ids.length, values)
}

function keyNames(flights: readonly KeyFlight[]): string {
  const [first] = flights
  const others = flights.length - 1
  return others > 0 ? `${first?.key} and ${others} more` : `${first?.key}`
}
