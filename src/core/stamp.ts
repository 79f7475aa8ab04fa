/**
 * The stamp of a server's incarnation (PROTOCOL 3.1): 48 bits of its run id and its
 * replication id. Two incarnations must not meet by accident; nobody attacks it.
 */
import { hash48 } from '../base/hash.ts'

/** 8 base64url characters. */
export function stampOf(runId: string, replId: string): string {
  return hash48(`${runId}|${replId}`)
}
