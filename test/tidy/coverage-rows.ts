/** The rows of `docs/coverage.md`. */
export interface CoverageRow {
  readonly id: string
  /** Pointers to tests, with words between them. */
  readonly shows: string
  readonly status: string
  readonly line: number
}

export function coverageRows(page: string): readonly CoverageRow[] {
  return page.split('\n').flatMap((text, index) => {
    const [, id = '', shows = '', status = ''] = text.split('|').map((cell) => cell.trim())
    return /^[A-Z]\d+$/.test(id) ? [{ id, shows, status, line: index + 1 }] : []
  })
}
