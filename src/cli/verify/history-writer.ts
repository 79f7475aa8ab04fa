/** Appends records of a history to a file, a buffer at a time. */
import { closeSync, openSync, writeSync } from 'node:fs'
import { systemClock } from '../../system.ts'
import type { HistoryRecord } from '../../testing/index.ts'
import type { PromiseLine } from './history-reader.ts'

const bufferCharsMax = 64 * 1024
/** Of a process that is killed, so much may be missing: what is not written is not judged. */
const flushEveryMs = 50

export class HistoryWriter {
  readonly #file: number
  #lines: string[] = []
  #chars = 0
  #isDue = false
  #isClosed = false

  constructor(path: string) {
    this.#file = openSync(path, 'a')
  }

  /** The first line of a history. */
  promise(boundMs: number): void {
    const line: PromiseLine = { kind: 'promise', boundMs }
    this.#append(line)
  }

  write(record: HistoryRecord): void {
    this.#append(record)
  }

  flush(): void {
    if (this.#lines.length === 0) return
    writeSync(this.#file, `${this.#lines.join('\n')}\n`)
    this.#lines = []
    this.#chars = 0
  }

  /** The history ends here: a commit that its dead writer no longer waits for is not in it. */
  close(): void {
    this.flush()
    this.#isClosed = true
    closeSync(this.#file)
  }

  #append(record: HistoryRecord | PromiseLine): void {
    if (this.#isClosed) return
    const line = JSON.stringify(record)
    this.#lines.push(line)
    this.#chars += line.length
    if (this.#chars > bufferCharsMax) this.flush()
    else this.#flushSoon()
  }

  #flushSoon(): void {
    if (this.#isDue) return
    this.#isDue = true
    const flush = () => {
      this.#isDue = false
      this.flush()
    }
    systemClock.timer(flushEveryMs, flush, 'background')
  }
}
