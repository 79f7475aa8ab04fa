/** What a tidy rule says of a file: where, what, and how to put it right. */

export interface Finding {
  readonly path: string
  /** From 1; 0: the file as a whole. */
  readonly line: number
  readonly what: string
  readonly remedy: string
}

/** Findings as lines to compare with an empty list: what is left is the message. */
export function told(findings: readonly Finding[]): readonly string[] {
  return findings.map(({ path, line, what, remedy }) => {
    const place = line === 0 ? path : `${path}:${line}`
    return `${place}: ${what}. Remedy: ${remedy}`
  })
}
