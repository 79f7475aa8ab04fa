/** Data goes to stdout, talk to stderr. Progress is one line that changes, on a terminal only. */
import { environment, hostMs } from '../system.ts'
import { type Paint, paintFor } from './paint.ts'

export interface Output {
  write(text: string): unknown
  readonly isTTY?: boolean
}

export interface Streams {
  readonly stdout: Output
  readonly stderr: Output
}

const clearLine = '\r\u001b[2K'
const liveEveryMs = 100
const plainEveryMs = 10_000

export class Terminal {
  /** For what goes to stdout. */
  readonly paint: Paint
  readonly #streams: Streams
  readonly #isLive: boolean
  #shownMs = Number.NEGATIVE_INFINITY
  #hasLine = false

  constructor(streams: Streams) {
    this.#streams = streams
    this.paint = paintFor(streams.stdout)
    const isQuiet = environment('CI') !== undefined || environment('TERM') === 'dumb'
    this.#isLive = streams.stderr.isTTY === true && !isQuiet
  }

  /** A line of the result. */
  print(lines: readonly string[]): void {
    this.#clear()
    this.#streams.stdout.write(`${lines.join('\n')}\n`)
  }

  say(line: string): void {
    this.#clear()
    this.#streams.stderr.write(`${line}\n`)
  }

  /** How it goes; too much of it is left out. */
  progress(line: () => string): void {
    const everyMs = this.#isLive ? liveEveryMs : plainEveryMs
    if (hostMs() - this.#shownMs < everyMs) return
    this.#shownMs = hostMs()
    if (this.#isLive) {
      this.#streams.stderr.write(`${clearLine}${line()}`)
      this.#hasLine = true
    } else {
      this.say(line())
    }
  }

  #clear(): void {
    if (this.#hasLine) this.#streams.stderr.write(clearLine)
    this.#hasLine = false
  }
}
