// The lines of a text file, plain or gzip, one at a time. Files come from outside, so a line is
// bounded: one that is longer is given as `undefined` and its bytes are thrown away as they come.
import { createReadStream } from 'node:fs'
import { StringDecoder } from 'node:string_decoder'
import { createGunzip } from 'node:zlib'

/** A raw provider market is 6 kB on average; a longer line than this is not one. */
export const LINE_LENGTH_MAX = 256 * 1024

/** Every line without its end; `undefined` stands for a line that is too long. */
export async function* linesOf(path: string): AsyncGenerator<string | undefined> {
  let rest = ''
  let isTooLong = false
  for await (const text of textOf(path)) {
    const parts = (rest + text).split('\n')
    rest = parts.pop() ?? ''
    for (const part of parts) {
      yield isTooLong || part.length > LINE_LENGTH_MAX ? undefined : part.replace(/\r$/, '')
      isTooLong = false
    }
    if (rest.length > LINE_LENGTH_MAX) {
      isTooLong = true
      rest = ''
    }
  }
  if (isTooLong || rest !== '') yield isTooLong ? undefined : rest
}

async function* textOf(path: string): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8')
  const file = createReadStream(path)
  const bytes = path.endsWith('.gz') ? file.pipe(createGunzip()) : file
  // `pipe` does not pass errors on: without this a missing file would leave the reader waiting.
  file.once('error', (error) => bytes.destroy(error))
  try {
    for await (const chunk of bytes) yield decoder.write(chunk)
    yield decoder.end()
  } finally {
    // A reader that stops early leaves `bytes` closed, but not the file behind it.
    file.destroy()
  }
}
