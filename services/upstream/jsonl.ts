// Rows of a JSON Lines file, unvalidated.
import { linesOf } from './lines.ts'

/** Every row; `undefined` stands for a line that is not JSON or is too long. */
export async function* jsonRows(path: string): AsyncGenerator<unknown> {
  for await (const line of linesOf(path)) {
    if (line?.trim() === '') continue
    yield line === undefined ? undefined : parsed(line)
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    // Not JSON: the reader counts it, which is all that can be done with it.
    return undefined
  }
}
