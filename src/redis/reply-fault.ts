/**
 * What an error reply means (PROTOCOL 3.1, 6). Pure.
 *
 * A server that answers READONLY and the like is not the primary that the handshake saw:
 * nothing it says counts until it is asked again. MOVED, ASK and TRYAGAIN concern one hash
 * slot of a cluster, which is elsewhere or on its way; they are never followed, and the
 * connection stays for the others.
 */
import { StoreFault } from '../core/contracts/store.ts'

/** After these the connection must identify its server anew. */
const ENDS_PROOF = new Set(['READONLY', 'LOADING', 'MASTERDOWN', 'CLUSTERDOWN'])
/** After these another server may have the partition. */
const REDIRECTION = /^(MOVED|ASK|TRYAGAIN) /
/** A store answers these itself: it sends the script, or takes the slot for empty. */
const FOR_THE_STORE = new Set(['NOSCRIPT', 'WRONGTYPE'])
/** Before Redis 7 an error inside a script is wrapped: `ERR Error running script … -CODE …`. */
const CODE = /^(?:ERR Error running script .*?-)?([A-Z]+)\b/s

export interface ReplyFault {
  readonly error: Error
  readonly endsProof: boolean
}

/** `undefined`: not a reply of the server; the connection failed instead. */
export function replyFault(error: unknown): ReplyFault | undefined {
  if (!(error instanceof Error) || error.name !== 'ReplyError') return undefined
  const code = CODE.exec(error.message)?.[1] ?? ''
  if (FOR_THE_STORE.has(code)) return { error, endsProof: false }
  return {
    error: new StoreFault('refused', error.message, error),
    endsProof: ENDS_PROOF.has(code),
  }
}

/** Nothing was executed, and the server no longer vouches for the partition. */
export function isRedirection(error: unknown): error is StoreFault {
  return error instanceof StoreFault && error.kind === 'refused' && REDIRECTION.test(error.message)
}
