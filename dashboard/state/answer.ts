/** Answers of the API by their address: kept for the next visit, asked for again while seen. */
import { type Signal, signal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { get, reasonOf } from '../api/client.ts'
import { isRunning } from './pace.ts'
import { refresh } from './preferences.ts'
import { endIfRefused } from './session.ts'

export interface Held<T> {
  readonly data: T | undefined
  /** Why the last question had no answer; what was known before is kept. */
  readonly problem: string | undefined
}

/** The oldest is forgotten first. */
const heldMax = 40

class Store<T> {
  readonly held: Signal<Held<T>> = signal<Held<T>>({ data: undefined, problem: undefined })
  readonly #path: string
  #asking: Promise<void> | undefined

  constructor(path: string) {
    this.#path = path
  }

  ask(): Promise<void> {
    this.#asking ??= this.#get().finally(() => {
      this.#asking = undefined
    })
    return this.#asking
  }

  async #get(): Promise<void> {
    try {
      this.held.value = { data: await get<T>(this.#path), problem: undefined }
    } catch (error) {
      if (endIfRefused(error)) return
      this.held.value = { data: this.held.peek().data, problem: reasonOf(error) }
    }
  }
}

const stores = new Map<string, Store<unknown>>()
const shown = new Set<Store<unknown>>()

/** The answer as it stands, and again every few seconds. */
export function useAnswer<T>(path: string): Held<T> {
  const store: Store<unknown> = storeOf(path)
  useEffect(() => {
    shown.add(store)
    void store.ask()
    const timer = setInterval(() => isRunning.value && store.ask(), Number(refresh.value) * 1000)
    return () => {
      shown.delete(store)
      clearInterval(timer)
    }
  }, [store, refresh.value])
  return typed<T>(store.held.value)
}

/** Everything on the screen, now. */
export function askAgain(): void {
  for (const store of shown) void store.ask()
}

/** Of another reader, perhaps: nothing of it may be shown to the next. */
export function forgetAnswers(): void {
  stores.clear()
}

function storeOf(path: string): Store<unknown> {
  const known = stores.get(path)
  if (known !== undefined) return known
  const store = new Store<unknown>(path)
  stores.set(path, store)
  const [oldest] = stores.keys()
  if (stores.size > heldMax && oldest !== undefined) stores.delete(oldest)
  return store
}

/** The API's promise of what stands at an address is taken at its word, here alone. */
function typed<T>(held: Held<unknown>): Held<T> {
  return held as Held<T>
}
