/** `staleproof warm`: which warming tasks a service has; runs one of them. */

import { printable } from '../../base/printable.ts'
import { StaleproofError } from '../../core/errors.ts'
import type { DoneAnswer, WarmingAnswer } from '../../ops/index.ts'
import { countText, timeText } from '../amounts.ts'
import type { Call } from '../command.ts'
import { type AdminApi, adminApi } from '../connection/admin-api.ts'
import { printDocument } from '../document.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { isSet } from '../flags.ts'
import { gridLines } from '../table.ts'

export async function warm(call: Call): Promise<ExitCode> {
  const api = adminApi(call.flags)
  if (api === undefined) {
    throw new StaleproofError('SP_OPTION_INVALID', 'warming is done by a service', {
      expected: '--url of one with the admin API, such as http://localhost:4100',
    })
  }
  const [task] = call.args
  return task === undefined ? list(api, call) : runTask(api, call, task)
}

async function list(api: AdminApi, { flags, terminal }: Call): Promise<ExitCode> {
  const { processes } = await api.get<WarmingAnswer>('warming')
  if (isSet(flags, 'json')) {
    printDocument(terminal, 'warm', { processes })
    return exitCodes.fine
  }
  const rows = processes.flatMap(({ service, warming }) =>
    (warming?.tasks ?? []).map((task) => [
      printable(task.name),
      printable(service),
      task.critical ? 'critical' : '',
      timeText(task.everyMs),
      countText(task.successes),
      countText(task.failures),
      task.isRunning ? 'running' : printable(task.lastError ?? ''),
    ]),
  )
  const titles = ['task', 'service', '', 'every', 'ran', 'failed', 'now']
  terminal.print(gridLines(titles, rows, terminal.paint))
  return exitCodes.fine
}

async function runTask(api: AdminApi, { flags, terminal }: Call, task: string): Promise<ExitCode> {
  const done = await api.post<DoneAnswer>('warm', { task })
  if (isSet(flags, 'json')) printDocument(terminal, 'warm', { done })
  else terminal.print([`${printable(done.what)}: ran in ${timeText(done.ms)}.`])
  return exitCodes.fine
}
