/** Who says a message: the process, `service.<16 characters>`, so that it knows its own. */

const process = /^(.*)\.[\w-]{16}$/s

/** The service of a process; what names no process is taken as it is. */
export function serviceOf(origin: string): string {
  return process.exec(origin)?.[1] ?? origin
}
