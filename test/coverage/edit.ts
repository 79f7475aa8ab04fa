/**
 * Requirements of `docs/coverage.md`, each with an edit of one line that takes away what its test
 * shows. `npm run coverage:prove` applies some of them, one at a time, to a copy of the checkout
 * and sees the named test fail there: a test that can't fail shows nothing.
 *
 * To add one: put it into the file of its letter in `edits/`. The test must be one that the row
 * names; the text must stand exactly once in its file; what replaces it must still run, so that
 * the test fails because the thing is gone and not because a module can't be read.
 */
export interface CoverageEdit {
  /** The requirement, as `B2`. */
  readonly row: string
  /** What is lost with the edit. */
  readonly loses: string
  /** From the root of the checkout. */
  readonly file: string
  /** At most one line, with its end where the whole line goes. */
  readonly from: string
  readonly to: string
  /** What notices: a file, and the name of a test in it. */
  readonly caught: { readonly file: string; readonly test: string }
}

/** Throws where the code has moved on, and the edit must follow it. */
export function edited(
  text: string,
  { file, from, to }: Pick<CoverageEdit, 'file' | 'from' | 'to'>,
) {
  const pieces = text.split(from)
  if (pieces.length === 2) return pieces.join(to)
  throw new Error(`expected once in ${file}, found ${pieces.length - 1} times: ${from}`)
}
