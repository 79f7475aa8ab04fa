/**
 * Time and chance reach the library only through these two doors, so that a
 * virtual clock and a seed can replay any run. The real ones are in `system.ts`.
 */

export interface Timer {
  /** Idempotent; a timer that has fired may be cancelled. */
  cancel(): void
}

export interface Clock {
  /** Milliseconds on a clock that never steps; only differences mean something. */
  now(): number
  /** Milliseconds since 1970 by this machine; used for logs and to notice suspended machines. */
  wallMs(): number
  /** Runs `task` once, `delayMs` from now. A background timer doesn't keep the process alive. */
  timer(delayMs: number, task: () => void, kind?: 'waited' | 'background'): Timer
  /** Runs `task` when everything that is ready now has run (the end of the tick). */
  endOfTick(task: () => void): void
}

export interface Chance {
  /** A fresh identifier of 96 random bits: 16 base64url characters, never handed out twice. */
  token(): string
  /** A number in [0, 1). */
  unit(): number
}
