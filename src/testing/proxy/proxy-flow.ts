/**
 * One direction of a proxied connection. Bytes pass, wait for a delay, or are held; held bytes
 * are not lost but delivered later, as TCP does after a partition: a stream with a hole in it
 * is something that no network produces. The memory is bounded: a source that sends more than
 * that is paused, as a full send buffer would.
 */
import type { Socket } from 'node:net'
import type { Timer } from '../../core/contracts/clock.ts'
import { systemClock as clock } from '../../system.ts'

/** `hold` keeps bytes until the flow changes; a number delays each by so many milliseconds. */
export type Flow = 'pass' | 'hold' | { readonly delayMs: number }

interface Piece {
  /** `undefined` is the end of the stream. */
  readonly bytes: Buffer | undefined
  readonly dueAtMs: number
}

export const heldBytesMax: number = 4 * 1024 * 1024

export class ProxyFlow {
  readonly #from: Socket
  readonly #to: Socket
  #flow: Flow
  #pieces: Piece[] = []
  #heldBytes = 0
  #timer: Timer | undefined

  constructor(from: Socket, to: Socket, flow: Flow) {
    this.#from = from
    this.#to = to
    this.#flow = flow
  }

  /** Takes bytes from the source; `undefined` is its end. */
  take(bytes: Buffer | undefined): void {
    const delayMs = typeof this.#flow === 'object' ? this.#flow.delayMs : 0
    this.#pieces.push({ bytes, dueAtMs: clock.now() + delayMs })
    this.#heldBytes += bytes?.length ?? 0
    this.#move()
    if (this.#heldBytes > heldBytesMax) this.#from.pause()
  }

  /** Changes the flow; what was held under the old one obeys the new one. */
  set(flow: Flow): void {
    this.#flow = flow
    if (typeof flow !== 'object') this.#pieces = this.#pieces.map((p) => ({ ...p, dueAtMs: 0 }))
    this.#move()
  }

  /** Forgets what is held. */
  close(): void {
    this.#timer?.cancel()
    this.#pieces = []
    this.#heldBytes = 0
  }

  #move(): void {
    this.#timer?.cancel()
    if (this.#flow === 'hold') return
    const now = clock.now()
    while (this.#pieces[0] !== undefined && this.#pieces[0].dueAtMs <= now) {
      this.#deliver(this.#pieces[0].bytes)
      this.#pieces.shift()
    }
    const next = this.#pieces[0]
    if (next !== undefined) {
      this.#timer = clock.timer(next.dueAtMs - now, () => this.#move(), 'background')
    }
    if (this.#heldBytes <= heldBytesMax && this.#from.isPaused()) this.#from.resume()
  }

  #deliver(bytes: Buffer | undefined): void {
    if (bytes === undefined) {
      this.#to.end()
      return
    }
    this.#heldBytes -= bytes.length
    if (this.#to.writable) this.#to.write(bytes)
  }
}
