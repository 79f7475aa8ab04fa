/** Data goes to stdout, talk to stderr. Progress is one line that changes, on a terminal only. */
import { printable, printableLines } from '../base/printable.ts'
import { environment, hostMs } from '../system.ts'
import { type Paint, paintFor } from './paint.ts'

export interface Output {
  write(text: string): unknown
  readonly isTTY?: boolean
  /** Bytes that wait for whoever reads. */
  readonly writableLength?: number
}

export interface Streams {
  readonly stdin?: { readonly isTTY?: boolean }
  readonly stdout: Output
  readonly stderr: Output
}

const clearLine = '\r\u001b[2K'
const liveEveryMs = 100
const plainEveryMs = 10_000
const firstAfterMs = 1_000
/** More would only make this process larger. */
const waitingBytesMax = 1_000_000

export class Terminal {
  /** For what goes to stdout. */
  readonly paint: Paint
  readonly #streams: Streams
  readonly #isLive: boolean
  #shownMs: number
  #hasLine = false
  #isQuiet = false

  constructor(streams: Streams) {
    this.#streams = streams
    this.paint = paintFor(streams.stdout)
    const isQuiet = environment('CI') !== undefined || environment('TERM') === 'dumb'
    this.#isLive = streams.stderr.isTTY === true && !isQuiet
    // What is over in a second needs no line about how it goes.
    this.#shownMs = hostMs() - (this.#isLive ? liveEveryMs : plainEveryMs) + firstAfterMs
  }

  /** True: whoever reads the result is slower than it comes. */
  get isBehind(): boolean {
    return (this.#streams.stdout.writableLength ?? 0) > waitingBytesMax
  }

  /** A line of the result. */
  print(lines: readonly string[]): void {
    this.#clear()
    this.#streams.stdout.write(`${lines.join('\n')}\n`)
  }

  /** Is there a person who can be asked? */
  get isInteractive(): boolean {
    const { stdin, stderr } = this.#streams
    return stdin?.isTTY === true && stderr.isTTY === true
  }

  /** Undefined: no answer. */
  async ask(question: string): Promise<string | undefined> {
    this.#clear()
    const { prompt } = await import('./prompt.ts')
    return prompt(question)
  }

  /** From now on neither notes nor progress. */
  quieten(): void {
    this.#isQuiet = true
  }

  /** Talk that can be done without. */
  note(line: string): void {
    if (!this.#isQuiet) this.say(line)
  }

  /** Whoever wrote it: a server's errors and names are shown, not obeyed. */
  say(text: string): void {
    this.#clear()
    this.#streams.stderr.write(`${printableLines(text).join('\n')}\n`)
  }

  /** How it goes; too much of it is left out. */
  progress(line: () => string): void {
    if (this.#isQuiet) return
    const everyMs = this.#isLive ? liveEveryMs : plainEveryMs
    if (hostMs() - this.#shownMs < everyMs) return
    this.#shownMs = hostMs()
    if (this.#isLive) {
      this.#streams.stderr.write(`${clearLine}${printable(line())}`)
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
