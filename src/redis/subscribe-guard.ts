/**
 * ioredis takes whatever answers SUBSCRIBE for a list of kind, channel and count, and
 * throws outside of every promise when it is not. So the first bytes of the answer are
 * looked at before ioredis sees them: a confirmation or an error passes, anything else
 * (a server that only pretends) ends the connection instead of the process.
 */
import type { Redis } from 'ioredis'

const confirmation = '*3\r\n$9\r\nsubscribe\r\n'

/** To be called before SUBSCRIBE is sent; `onLie` must end the connection. */
export function guardSubscribe(redis: Redis, onLie: (reason: string) => void): void {
  const { stream } = redis
  for (const listener of stream.listeners('data')) {
    const pass = (bytes: Buffer) => Reflect.apply(listener, stream, [bytes])
    const first = (bytes: Buffer) => {
      stream.off('data', first)
      if (!isAnswer(bytes.toString('latin1', 0, confirmation.length))) {
        onLie('SUBSCRIBE was not answered as Redis does')
        return
      }
      stream.on('data', pass)
      pass(bytes)
    }
    stream.on('data', first)
    // It came from this stream, whose list of listeners has forgotten its type.
    stream.off('data', listener as (bytes: Buffer) => void)
  }
}

/** Bytes may come in pieces: what has come must be the beginning of an answer. */
function isAnswer(head: string): boolean {
  return head.startsWith('-') || confirmation.startsWith(head)
}
