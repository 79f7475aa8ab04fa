/**
 * Reads a trace from a file, gzip or plain, line by line: what a file does not have to be
 * kept for is forgotten at once. A file that is no trace is refused with `SP_TRACE_INVALID`.
 */
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { StaleproofError } from '../../core/errors.ts'
import { type AccessOf, formatOf, isHeader } from './line-format.ts'
import { type Trace, TraceBuilder } from './trace.ts'

/** So many lines are looked at before the format is known. */
const probeLines = 32
/** A file without ends of lines is none. */
const lineLengthMax = 64 * 1_024
/** Of all lines; with more of them it is another kind of file. */
const badShareMax = 0.1

export async function readTrace(
  path: string,
  onProgress: (accesses: number) => void,
): Promise<Trace> {
  const builder = new TraceBuilder()
  const intake = new Intake(builder)
  let isCut = false
  for await (const lines of chunksOfLines(path)) {
    isCut = !intake.take(lines)
    if (isCut) break
    onProgress(builder.accesses)
  }
  intake.settle()
  return checked(path, builder, isCut)
}

/** Holds the first lines back until they tell the format. */
class Intake {
  readonly #builder: TraceBuilder
  #probe: string[] | undefined = []
  #accessOf: AccessOf | undefined

  constructor(builder: TraceBuilder) {
    this.#builder = builder
  }

  /** False: there is no room for more. */
  take(lines: readonly string[]): boolean {
    for (const line of lines) {
      if (this.#builder.isFull) return false
      if (this.#probe === undefined) this.#add(line)
      else if (this.#probe.push(line) === probeLines) this.settle()
    }
    return true
  }

  settle(): void {
    const lines = this.#probe ?? []
    this.#probe = undefined
    if (isHeader(lines[0] ?? '')) lines.shift()
    this.#accessOf ??= formatOf(lines)
    for (const line of lines) this.#add(line)
  }

  #add(line: string): void {
    const access = this.#accessOf?.(line)
    if (access === undefined) this.#builder.addBad()
    else this.#builder.add(access)
  }
}

function checked(path: string, builder: TraceBuilder, isCut: boolean): Trace {
  const { accesses, badLines } = builder
  if (accesses === 0) throw notTrace(path, 'a key on each line', 'no key at all')
  if (badLines > (accesses + badLines) * badShareMax) {
    throw notTrace(path, 'a key on each line', `${badLines} lines without, ${accesses} with one`)
  }
  return builder.build(nameOf(path), isCut)
}

function nameOf(path: string): string {
  return basename(path).replace(/\.gz$/, '')
}

async function* chunksOfLines(path: string): AsyncGenerator<readonly string[]> {
  let rest = ''
  try {
    for await (const chunk of await textOf(path)) {
      const lines = `${rest}${chunk}`.split(/\r?\n/)
      rest = lines.pop() ?? ''
      if (rest.length > lineLengthMax) throw notTrace(path, 'lines', 'a text without any')
      yield lines
    }
  } catch (cause) {
    if (cause instanceof StaleproofError) throw cause
    throw unreadable(path, cause)
  }
  if (rest !== '') yield [rest]
}

/** By its first bytes, whatever its name says. */
async function textOf(path: string): Promise<Readable> {
  const file = await open(path)
  const head = Buffer.alloc(2)
  try {
    await file.read(head, 0, 2, 0)
  } finally {
    await file.close()
  }
  const stream = createReadStream(path)
  if (head.readUInt16BE() !== gzipMagic) return stream.setEncoding('utf8')
  const gunzip = createGunzip()
  // Without it an error of the file would reach nobody.
  stream.once('error', (error) => gunzip.destroy(error))
  return stream.pipe(gunzip).setEncoding('utf8')
}

const gzipMagic = 0x1f8b

function unreadable(path: string, cause: unknown): StaleproofError {
  const received = cause instanceof Error ? cause.message : String(cause)
  const details = { expected: 'a file that can be read', received, cause }
  return new StaleproofError('SP_TRACE_INVALID', path, details)
}

function notTrace(path: string, expected: string, received: string): StaleproofError {
  return new StaleproofError('SP_TRACE_INVALID', path, { expected, received })
}
