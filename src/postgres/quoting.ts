/** Names and texts as parts of SQL. */

export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** Backslashes mean themselves, as in the server's default since version 9.1. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
