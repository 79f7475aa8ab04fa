/**
 * ioredis takes whatever answers SUBSCRIBE for a list of kind, channel and count, and
 * throws outside of every promise when it is not. So the first bytes of the answer are
 * looked at before ioredis sees them: a confirmation or an error passes, anything else
 * (a server that only pretends) ends the connection instead of the process.
 */
import type { Redis } from 'ioredis'

export interface SubscribeGuard {
  /** With which it is subscribed: the confirmation repeats it. */
  readonly command: 'subscribe' | 'ssubscribe'
  /** Must end the connection. */
  readonly onLie: (reason: string) => void
}

/** To be called before the command is sent. */
export function guardSubscribe(redis: Redis, { command, onLie }: SubscribeGuard): void {
  const confirmation = `*3\r\n$${command.length}\r\n${command}\r\n`
  const { stream } = redis
  for (const listener of stream.listeners('data')) {
    // It came from this stream, whose list of listeners has forgotten its type.
    const pass = listener as (bytes: Buffer) => void
    const first = (bytes: Buffer) => {
      stream.off('data', first)
      if (!isAnswer(bytes.toString('latin1', 0, confirmation.length), confirmation)) {
        onLie('SUBSCRIBE was not answered as Redis does')
        return
      }
      stream.on('data', pass)
      pass.call(stream, bytes)
    }
    stream.on('data', first)
    stream.off('data', pass)
  }
}

/** Bytes may come in pieces: what has come must be the beginning of an answer. */
function isAnswer(head: string, confirmation: string): boolean {
  return head.startsWith('-') || confirmation.startsWith(head)
}
