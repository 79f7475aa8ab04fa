/**
 * Who watches: each viewer has a bounded queue of its own, so that one that is slow costs
 * nobody anything. What does not fit is counted and told, never lost in silence.
 */
import type { StreamEvent } from './answers.ts'

/** Events that wait for one viewer; the newest that do not fit are dropped and counted. */
export const queueMax = 500
/** Streams that one process feeds. */
export const viewersMax = 50

const encoder = new TextEncoder()

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
      { highWaterMark: queueMax },
    )
  }

  send(event: StreamEvent): void {
    this.#seq++
    if (!this.#hasRoom(this.#dropped > 0 ? 1 : 0)) {
      this.#dropped++
      return
    }
    if (this.#dropped > 0) {
      this.#write(this.#seq - 1, { type: 'dropped', count: this.#dropped })
      this.#dropped = 0
    }
    this.#write(this.#seq, event)
  }

  /** Events that it was to have and never can. */
  skip(count: number): void {
    this.#seq += count
    this.#dropped += count
  }

  /** A comment, so that nobody in between takes the stream for dead. */
  beat(): void {
    if (this.#hasRoom(0)) this.#controller?.enqueue(encoder.encode(': beat\n\n'))
  }

  end(): void {
    this.#controller?.close()
    this.#controller = undefined
  }

  #hasRoom(besides: number): boolean {
    return (this.#controller?.desiredSize ?? 0) > besides
  }

  #write(id: number, event: StreamEvent): void {
    const text = `id: ${id}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`
    this.#controller?.enqueue(encoder.encode(text))
  }
}

export class Viewers {
  readonly #viewers = new Set<Viewer>()

  get count(): number {
    return this.#viewers.size
  }

  /** Undefined: there are too many. `first` is sent before anything else. */
  open(first: StreamEvent, signal: AbortSignal): ReadableStream<Uint8Array> | undefined {
    if (this.#viewers.size >= viewersMax) return undefined
    const viewer = new Viewer(() => this.#viewers.delete(viewer))
    this.#viewers.add(viewer)
    const leave = () => {
      if (this.#viewers.delete(viewer)) viewer.end()
    }
    if (signal.aborted) leave()
    else signal.addEventListener('abort', leave, { once: true })
    viewer.send(first)
    return viewer.stream
  }

  send(event: StreamEvent): void {
    for (const viewer of this.#viewers) viewer.send(event)
  }

  /** So many events are lost for everybody; each is told with what it gets next. */
  skip(count: number): void {
    for (const viewer of this.#viewers) viewer.skip(count)
  }

  beat(): void {
    for (const viewer of this.#viewers) viewer.beat()
  }

  close(): void {
    for (const viewer of this.#viewers) viewer.end()
    this.#viewers.clear()
  }
}
