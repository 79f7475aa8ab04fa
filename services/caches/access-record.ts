/**
 * Records what this process reads, as a trace for `staleproof replay`: numbers for keys and
 * readers, in the order of their first appearance. A disk that is too slow loses lines, and one
 * that fails ends the recording; neither is felt by readers.
 */
import { createWriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'
import { recordAccesses, type Warmer } from 'staleproof/warm'
import type { ServiceLogger } from '../process/logger.ts'
import type { Reader } from './market-predictor.ts'

export interface AccessRecordParts {
  readonly warmer: Warmer
  readonly who: Reader
  /** A file, replaced if it is there. */
  readonly path: string
  readonly log: ServiceLogger
}

/** What waits for the disk; lines beyond it are lost. */
const waitingBytesMax = 1024 * 1024

/** Returns what ends it; resolves when all that was recorded is in the file. */
export function recordReads({ warmer, who, path, log }: AccessRecordParts): () => Promise<void> {
  const file = createWriteStream(path)
  const write = (line: string): void => {
    if (file.writable && file.writableLength < waitingBytesMax) file.write(`${line}\n`)
  }
  const end = recordAccesses(warmer, { write, who })
  const ended = finished(file).catch((error: unknown) => {
    log.warn({ error, path }, 'reads are no longer recorded')
  })
  return () => {
    end()
    file.end()
    return ended
  }
}
