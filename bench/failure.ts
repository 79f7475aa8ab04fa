/** Who could not do its work, and why: named in every result, never left out silently. */
export interface Failure {
  readonly name: string
  readonly reason: string
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
