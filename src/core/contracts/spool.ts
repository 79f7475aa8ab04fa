/**
 * Where undelivered invalidations outlive their process: lines of text, each on disk
 * before the call that asked for it rejects as pending, unless the disk hangs. Every
 * method rejects with a `StaleproofError` of code `SP_JOURNAL_UNWRITABLE` and nothing else.
 */
export interface Spool {
  /** Creates what is needed to write, so that a place that can't be written is refused early. */
  open(): Promise<void>
  /**
   * The lines of processes that ended without delivering them, one process at a time; from
   * then on they are this process's own. What is cut off at the end of a file had never been
   * acknowledged.
   */
  adopt(): AsyncIterable<readonly string[]>
  append(lines: readonly string[]): Promise<void>
  /** These instead of all there are. */
  rewrite(lines: readonly string[]): Promise<void>
  /** An empty spool leaves nothing behind. */
  close(): Promise<void>
}
