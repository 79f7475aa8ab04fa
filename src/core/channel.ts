/** Channels on which caches of this library tell each other (PROTOCOL 2). */

const CHANNEL = /^cache:invalidate:\{(.+):\d+(?:\.\d+)?\}$/

/** Undefined: it is the channel of something else. */
export function namespaceOfChannel(channel: string): string | undefined {
  return CHANNEL.exec(channel)?.[1]
}
