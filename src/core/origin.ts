/** Who says a message: the process, `service.<16 characters>`, so that it knows its own. */

const processChars = 17
const process = /\.[\w-]{16}$/

/** The service of a process; what names no process is taken as it is. */
export function serviceOf(origin: string): string {
  return process.test(origin) ? origin.slice(0, -processChars) : origin
}
