/**
 * The stamp of a server's incarnation (PROTOCOL 3.1): 48 bits of its run id and its
 * replication id. Two incarnations must not meet by accident; nobody attacks it.
 */

/** 8 base64url characters. */
export function stampOf(runId: string, replId: string): string {
  const text = `${runId}|${replId}`
  const halves = [hash24(text, 0x9e3779b1), hash24(text, 0x85ebca77)]
  return halves.map((half) => base64url(half)).join('')
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** FNV-1a with a seed, its bits mixed once more, of which 24 are kept. */
function hash24(text: string, seed: number): number {
  let hash = seed
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
    hash ^= hash >>> 15
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x2c1b3c6d)
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39)
  return (hash ^ (hash >>> 15)) & 0xffffff
}

/** 4 characters for 24 bits. */
function base64url(bits: number): string {
  let text = ''
  for (let shift = 18; shift >= 0; shift -= 6) text += ALPHABET.charAt((bits >> shift) & 63)
  return text
}
