/** One source: its switch, its health, its numbers, and what keeps it going. */
import type { Chance, Clock } from '../core/contracts/clock.ts'
import { type Happening, type Health, isRunning, nextHealth } from './health.ts'
import type { Intake, Taken } from './intake.ts'
import type { ResolvedSource } from './live-options.ts'
import type { LiveSourceKind, LiveSourceStats } from './live-stats.ts'
import { PollRunner } from './poll-runner.ts'
import { SourceRecord } from './record.ts'
import type { Runner, RunnerListener } from './runner.ts'
import { StreamRunner } from './stream-runner.ts'

export interface HealthChange {
  readonly source: LiveSource
  readonly before: Health
  /** Why it is down. */
  readonly error: unknown
}

export interface SourceParts {
  readonly clock: Clock
  readonly chance: Chance
  readonly intake: Pick<Intake<unknown>, 'take'>
  readonly fallMs: number
  readonly returnMs: number
  /** Told each change once, after it. */
  readonly onChange: (change: HealthChange) => void
}

export class LiveSource {
  readonly name: string
  readonly kind: LiveSourceKind
  readonly #parts: SourceParts
  readonly #runner: Runner
  readonly #record = new SourceRecord()
  #health: Health

  constructor(source: ResolvedSource, parts: SourceParts) {
    this.name = source.name
    this.kind = source.kind
    this.#parts = parts
    this.#health = { is: source.isEnabled ? 'resting' : 'off', sinceMs: parts.clock.now() }
    this.#runner = runnerOf(source, { ...parts, listener: this.#listener() })
  }

  get health(): Health {
    return this.#health
  }

  enable(): void {
    this.#happened('enabled')
  }

  disable(): void {
    const wasRunning = isRunning(this.#health)
    this.#happened('disabled')
    if (wasRunning) void this.#runner.stop()
  }

  /** Does nothing unless it rests. */
  start(): void {
    if (this.#health.is !== 'resting') return
    this.#happened('started')
    this.#runner.start()
  }

  /** Does nothing unless it runs. */
  rest(): void {
    if (!isRunning(this.#health)) return
    this.#happened('rested')
    void this.#runner.stop()
  }

  /** For good. Resolves when what was under way has ended. */
  close(): Promise<void> {
    return this.#runner.stop()
  }

  activated(isActive: boolean): void {
    const nowMs = this.#parts.clock.now()
    if (isActive) this.#record.activated(nowMs)
    else this.#record.deactivated(nowMs)
  }

  stats(): LiveSourceStats {
    const { clock } = this.#parts
    const nowMs = clock.now()
    return {
      name: this.name,
      kind: this.kind,
      state: this.#health.is,
      stateMs: nowMs - this.#health.sinceMs,
      ...this.#record.stats({ nowMs, wallMs: clock.wallMs() }),
    }
  }

  #listener(): RunnerListener {
    const record = this.#record
    const origin = { name: this.name, isLive: this.kind !== 'fallback', record }
    return {
      rows: (rows): Taken => this.#parts.intake.take(rows, origin),
      succeeded: (tookMs) => {
        record.succeeded(this.#parts.clock.now())
        if (tookMs !== undefined) record.took(tookMs)
        this.#happened('data')
      },
      failed: (error) => {
        record.failed(error)
        this.#happened('failed', error)
      },
      silent: (error) => {
        record.failed(error)
        this.#happened('silent', error)
      },
    }
  }

  #happened(happening: Happening, error?: unknown): void {
    const { clock, fallMs, onChange } = this.#parts
    const before = this.#health
    this.#health = nextHealth(before, happening, { nowMs: clock.now(), fallMs })
    if (this.#health !== before) onChange({ source: this, before, error })
  }
}

function runnerOf(
  source: ResolvedSource,
  parts: SourceParts & { readonly listener: RunnerListener },
): Runner {
  if (source.kind !== 'stream') return new PollRunner({ ...parts, ...source })
  return new StreamRunner({ ...parts, ...source, lastingMs: parts.returnMs })
}
