/** The whole terminal for as long as it is open, given back as it was however that ends. */
import type { ReadStream, WriteStream } from 'node:tty'
import { systemClock } from '../../system.ts'
import { type Frame, frameOf, type Line, repaint } from './frame.ts'

export interface ScreenEvents {
  /** As the terminal sends it: a character, or an escape sequence. */
  key(key: string): void
  /** Draw again: there is another size. */
  resized(): void
}

const toAlternate = '\u001b[?1049h\u001b[?25l\u001b[?7l'
const toUsual = '\u001b[?7h\u001b[?25h\u001b[?1049l'
/** Four a second at most. */
const frameMsMin = 250
const sizeDefault = { columns: 80, rows: 24 }

export class Screen {
  readonly #input: ReadStream
  readonly #output: WriteStream
  readonly #hasColours: boolean
  #shown: Frame | undefined
  #drawnMs = Number.NEGATIVE_INFINITY
  #isWaiting = false
  #isOpen = true
  #draw: (() => readonly Line[]) | undefined
  readonly #restore = (): void => this.close()
  readonly #onData: (bytes: Buffer) => void
  readonly #onResize: () => void

  constructor(
    { stdin, stdout }: { readonly stdin: ReadStream; readonly stdout: WriteStream },
    events: ScreenEvents,
    hasColours: boolean,
  ) {
    this.#input = stdin
    this.#output = stdout
    this.#hasColours = hasColours
    this.#onData = (bytes) => {
      for (const key of keysIn(bytes.toString('utf8'))) events.key(key)
    }
    this.#onResize = () => {
      this.#shown = undefined
      events.resized()
    }
    process.once('exit', this.#restore)
    stdout.write(toAlternate)
    stdout.on('resize', this.#onResize)
    stdin.setRawMode(true)
    stdin.on('data', this.#onData)
    stdin.resume()
  }

  get size(): { readonly columns: number; readonly rows: number } {
    const { columns, rows } = this.#output
    return columns > 0 && rows > 0 ? { columns, rows } : sizeDefault
  }

  /** Now, or when the last one has been seen; of several meanwhile only the last is drawn. */
  draw(lines: () => readonly Line[]): void {
    this.#draw = lines
    if (this.#isWaiting) return
    this.#isWaiting = true
    const waitMs = Math.max(0, this.#drawnMs + frameMsMin - systemClock.now())
    systemClock.timer(waitMs, () => this.#paint(), 'background')
  }

  /** Idempotent. */
  close(): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    process.off('exit', this.#restore)
    this.#input.off('data', this.#onData)
    this.#input.setRawMode(false)
    this.#input.pause()
    this.#output.off('resize', this.#onResize)
    this.#output.write(toUsual)
  }

  #paint(): void {
    this.#isWaiting = false
    if (!this.#isOpen || this.#draw === undefined) return
    this.#drawnMs = systemClock.now()
    const frame = frameOf(this.#draw(), this.size)
    const text = repaint(this.#shown, frame, this.#hasColours)
    this.#shown = frame
    if (text !== '') this.#output.write(text)
  }
}

/** What was typed at once, or pasted, key by key. */
export function keysIn(text: string): readonly string[] {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape begins the keys of a terminal.
  return text.match(/\u001b(?:\[[0-9;]*[A-Za-z~]|O[A-Z])?|[^\u001b]/gu) ?? []
}
