/** Cuts the output of a process into lines, with a bound for a line that never ends. */

export const lineLengthMax = 16_384

/** Returns a function that takes chunks and calls `onLine` for each complete, non-empty line. */
export function splitLines(onLine: (line: string) => void): (chunk: string) => void {
  let rest = ''
  return (chunk) => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    // A line beyond the bound is passed on in pieces: nothing is lost, nothing grows.
    if (rest.length > lineLengthMax) {
      lines.push(rest)
      rest = ''
    }
    for (const line of lines) {
      const text = line.trimEnd()
      if (text !== '') onLine(text)
    }
  }
}
