/**
 * Two processes with one library between them: one writes and invalidates, the other
 * reads. The truth is a key of Redis that no library knows, `truth:<key>`; a source reads
 * it. Reader and writer are opened in processes of their own.
 */
import type { Peers } from '../peers.ts'

export interface PairOptions {
  readonly redisUrl: string
  /** Nobody else on the server uses it. */
  readonly namespace: string
  readonly peers: Peers
  /** The version of a key in the truth. */
  readonly load: (key: string) => Promise<number>
}

export interface Reader {
  /** Through the memory of this process. */
  read(key: string): Promise<number | undefined>
  close(): Promise<void>
}

export interface Writer {
  /** Resolves when the library says so. */
  invalidate(key: string): Promise<void>
  close(): Promise<void>
}

export interface Pair {
  readonly name: string
  openReader(options: PairOptions): Promise<Reader>
  openWriter(options: PairOptions): Promise<Writer>
}
