/** `staleproof explain`: a key, or an error code. */
import { nearestName } from '../../base/nearest-name.ts'
import type { ErrorCode } from '../../core/error-code.ts'
import { ERROR_CODES } from '../../core/error-codes.ts'
import { StaleproofError } from '../../core/errors.ts'
import type { Call } from '../command.ts'
import { printDocument } from '../document.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { isSet } from '../flags.ts'

export async function explain(call: Call): Promise<ExitCode> {
  const [subject = ''] = call.args
  if (/^SP_[A-Z_]+$/i.test(subject)) return explainCode(subject.toUpperCase(), call)
  // What it needs is loaded for a key alone: a code has to be explained at once.
  const { explainKey } = await import('./explain-key.ts')
  return explainKey(call, subject)
}

function explainCode(subject: string, { flags, terminal }: Call): ExitCode {
  const code = codeOf(subject)
  const { meaning, remedy } = ERROR_CODES[code]
  if (isSet(flags, 'json')) printDocument(terminal, 'explain', { code, meaning, remedy })
  else {
    const { paint } = terminal
    terminal.print([paint('bold', code), '', meaning, '', `${paint('dim', 'Remedy:')} ${remedy}`])
  }
  return exitCodes.fine
}

/** Throws `SP_OPTION_INVALID`. */
function codeOf(subject: string): ErrorCode {
  if (isCode(subject)) return subject
  const nearest = nearestName(subject, Object.keys(ERROR_CODES))
  const expected = nearest ?? 'a code of docs/errors.md'
  const details = { expected, received: subject }
  throw new StaleproofError('SP_OPTION_INVALID', 'explain: the code', details)
}

function isCode(text: string): text is ErrorCode {
  return Object.hasOwn(ERROR_CODES, text)
}
