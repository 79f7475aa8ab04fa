/**
 * The line between the command and one of its workers: each side calls what the other serves,
 * by name, with one argument. Both run this file, over the channel that Node gives to a child.
 */
import { within } from './pause.ts'

/** What one side serves: functions of one argument, all of which can cross as JSON. */
export type Served = Readonly<Record<string, (argument: never) => unknown>>

export interface Channel {
  send(message: unknown): void
  listen(receive: (message: unknown) => void): void
}

type Message =
  | { readonly call: string; readonly id: number; readonly argument: unknown }
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly failure: string }

interface Waiter {
  readonly resolve: (answer: unknown) => void
  readonly reject: (error: Error) => void
}

const callMsMax = 60_000

export class Line<Theirs extends Served> {
  readonly #channel: Channel
  readonly #served: ReadonlyMap<string, (argument: never) => unknown>
  readonly #waiters = new Map<number, Waiter>()
  #lastId = 0
  #isCut = false

  constructor(channel: Channel, served: Served) {
    this.#channel = channel
    this.#served = new Map(Object.entries(served))
    channel.listen((message) => this.#receive(message))
  }

  /** Rejects when the other side throws, ends, or does not answer in time. */
  call<Name extends keyof Theirs & string>(
    name: Name,
    argument: Parameters<Theirs[Name]>[0],
    deadlineMs: number = callMsMax,
  ): Promise<Awaited<ReturnType<Theirs[Name]>>> {
    const id = ++this.#lastId
    const answered = new Promise<unknown>((resolve, reject) => {
      this.#waiters.set(id, { resolve, reject })
      if (this.#isCut) reject(new Error(`${name}: the other side has ended`))
      else this.#channel.send({ call: name, id, argument })
    })
    // The type is what the other side says that it serves.
    const typed = answered as Promise<Awaited<ReturnType<Theirs[Name]>>>
    return within(typed, deadlineMs, name).finally(() => this.#waiters.delete(id))
  }

  /** The other side has ended. */
  cut(reason: string): void {
    this.#isCut = true
    for (const { reject } of this.#waiters.values()) reject(new Error(reason))
    this.#waiters.clear()
  }

  #receive(message: unknown): void {
    if (!isMessage(message)) return
    if ('call' in message) {
      void this.#serve(message)
      return
    }
    const waiter = this.#waiters.get(message.id)
    if ('failure' in message) waiter?.reject(new Error(message.failure))
    else waiter?.resolve(message.answer)
  }

  async #serve({ call, id, argument }: Extract<Message, { call: string }>): Promise<void> {
    try {
      const serve = this.#served.get(call)
      if (serve === undefined) throw new Error(`nothing is served as "${call}"`)
      // What arrives is what the other side's types allow.
      this.#channel.send({ id, answer: await serve(argument as never) })
    } catch (error) {
      this.#channel.send({ id, failure: String(error) })
    }
  }
}

function isMessage(message: unknown): message is Message {
  return typeof message === 'object' && message !== null && 'id' in message
}
