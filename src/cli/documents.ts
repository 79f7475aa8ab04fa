/**
 * What each command prints with `--json`. `docs/cli-documents.json` is made from these types: what
 * they say as JSON Schema, for programs that read it.
 */
import type { ErrorCode } from '../core/error-code.ts'
import type { CodeEntry } from '../core/error-codes.ts'
import type { DoctorReport } from '../doctor/index.ts'
import type { DoneAnswer, WarmingAnswer } from '../ops/index.ts'
import type { ChangeDocument } from './change/perform.ts'
import type { ConfigDocument } from './config/command.ts'
import type { LiveProcesses } from './connection/processes.ts'
import type { DiffDocument } from './diff/command.ts'
import type { schemaVersion } from './document.ts'
import type { Explained } from './entries/explain-lines.ts'
import type { GetDocument } from './entries/get-command.ts'
import type { KeysDocument } from './entries/keys-command.ts'
import type { ReplayResult } from './replay/result.ts'
import type { SizeDocument } from './size/command.ts'
import type { StatsDocument } from './stats/command.ts'
import type { TailDocument } from './tail/tail-line.ts'
import type { TopDocument } from './top/printed-top.ts'
import type { CheckResult, RunResult } from './verify/result.ts'

/** What stands in front of the fields of a command. */
export interface Head<Command> {
  readonly schemaVersion: typeof schemaVersion
  readonly command: Command
  readonly atMs: number
}

/** By command; of `tail` and `top` for each line. */
export interface Fields {
  readonly clear: ChangeDocument
  readonly config: ConfigDocument
  readonly diff: DiffDocument
  readonly explain: (CodeEntry & { readonly code: ErrorCode }) | { readonly explanation: Explained }
  readonly get: GetDocument
  readonly invalidate: ChangeDocument
  readonly keys: KeysDocument
  readonly services: LiveProcesses
  readonly size: SizeDocument
  readonly stats: StatsDocument
  readonly tail: TailDocument
  readonly top: TopDocument
  readonly warm: Pick<WarmingAnswer, 'processes'> | { readonly done: DoneAnswer }
}

type Headed = { readonly [Command in keyof Fields]: Head<Command> & Fields[Command] }

/** All there are. These have a head of their own, because others than this command make them. */
export interface Documents extends Headed {
  readonly doctor: DoctorReport
  readonly replay: ReplayResult
  readonly verify: CheckResult | RunResult
}
