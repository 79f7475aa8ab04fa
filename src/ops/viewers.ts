/**
 * Who watches: each viewer has a bounded queue of its own, so that one that is slow costs
 * nobody anything. What does not fit is counted and told, never lost in silence.
 */
import type { StreamEvent } from './answers.ts'

/** Of the events that wait for one viewer; the newest that do not fit are dropped and counted. */
export const queueBytesMax: number = 1024 * 1024
/** Streams that one process feeds. */
export const viewersMax = 50

const encoder = new TextEncoder()
const beat = encoder.encode(': beat\n\n')

/** Whoever opens a stream. */
export interface Guest {
  /** Aborted when it leaves. */
  readonly signal: AbortSignal
  /** Asked at each beat: a token may have ended since. Never rejects. */
  readonly mayStay: () => Promise<boolean>
}

/** One stream of server-sent events. */
class Viewer {
  readonly stream: ReadableStream<Uint8Array>
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined
  #seq = 0
  #dropped = 0

  constructor(onEnd: () => void) {
    this.stream = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#controller = controller
        },
        cancel: onEnd,
      },
      new ByteLengthQueuingStrategy({ highWaterMark: queueBytesMax }),
    )
  }

  send(event: StreamEvent): void {
    this.#seq++
    const parts = [bytesOf(this.#seq, event)]
    if (this.#dropped > 0) {
      parts.unshift(bytesOf(this.#seq - 1, { type: 'dropped', count: this.#dropped }))
    }
    this.#dropped = this.#write(parts) ? 0 : this.#dropped + 1
  }

  /** Events that it was to have and never can. */
  skip(count: number): void {
    this.#seq += count
    this.#dropped += count
  }

  /** A comment, so that nobody in between takes the stream for dead. */
  beat(): void {
    this.#write([beat])
  }

  end(): void {
    this.#controller?.close()
    this.#controller = undefined
  }

  /** All of them, or false: there is no room. */
  #write(parts: readonly Uint8Array[]): boolean {
    const wanted = parts.reduce((sum, { length }) => sum + length, 0)
    if (wanted > (this.#controller?.desiredSize ?? 0)) return false
    for (const part of parts) this.#controller?.enqueue(part)
    return true
  }
}

function bytesOf(id: number, event: StreamEvent): Uint8Array {
  return encoder.encode(`id: ${id}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
}

export class Viewers {
  readonly #viewers = new Map<Viewer, Guest>()

  get count(): number {
    return this.#viewers.size
  }

  /** Undefined: there are too many. `first` is sent before anything else. */
  open(first: StreamEvent, guest: Guest): ReadableStream<Uint8Array> | undefined {
    if (this.#viewers.size >= viewersMax) return undefined
    const { signal } = guest
    const viewer = new Viewer(() => this.#viewers.delete(viewer))
    this.#viewers.set(viewer, guest)
    if (signal.aborted) this.#end(viewer)
    else signal.addEventListener('abort', () => this.#end(viewer), { once: true })
    viewer.send(first)
    return viewer.stream
  }

  send(event: StreamEvent): void {
    for (const viewer of this.#viewers.keys()) viewer.send(event)
  }

  /** So many events are lost for everybody; each is told with what it gets next. */
  skip(count: number): void {
    for (const viewer of this.#viewers.keys()) viewer.skip(count)
  }

  beat(): void {
    for (const [viewer, { mayStay }] of this.#viewers) {
      void mayStay().then((isWelcome) => (isWelcome ? viewer.beat() : this.#end(viewer)))
    }
  }

  close(): void {
    for (const viewer of this.#viewers.keys()) this.#end(viewer)
  }

  #end(viewer: Viewer): void {
    if (this.#viewers.delete(viewer)) viewer.end()
  }
}
