/**
 * What the launcher shows: lines that scroll, and below them, on a terminal, one status line
 * that stays in place. Where the output is not a terminal the status is printed once.
 */

export interface Output {
  readonly isTTY?: boolean | undefined
  readonly columns?: number | undefined
  write(text: string): unknown
}

const nameWidth = 9
const columnsDefault = 80
const eraseLine = '\r\u001b[2K'

export class Screen {
  readonly #output: Output
  #status = ''

  constructor(output: Output) {
    this.#output = output
  }

  /** A line of a part, with the part's name in front. */
  partLine(name: string, text: string): void {
    this.line(`${name.padEnd(nameWidth)}| ${text}`)
  }

  /** A line above the status line. */
  line(text: string): void {
    if (this.#status === '' || !this.#output.isTTY) this.#output.write(`${text}\n`)
    else this.#output.write(`${eraseLine}${text}\n${this.#fitted()}`)
  }

  /** Sets the status line; off a terminal only the first one is printed. */
  status(text: string): void {
    const isFirst = this.#status === ''
    this.#status = text
    if (this.#output.isTTY) this.#output.write(`${eraseLine}${this.#fitted()}`)
    else if (isFirst) this.#output.write(`${text}\n`)
  }

  /** Takes the status line away. */
  clearStatus(): void {
    if (this.#status !== '' && this.#output.isTTY) this.#output.write(eraseLine)
    this.#status = ''
  }

  /** A status longer than the terminal is wide would wrap and could not be erased. */
  #fitted(): string {
    return this.#status.slice(0, (this.#output.columns || columnsDefault) - 1)
  }
}
