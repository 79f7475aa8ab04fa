/** A change from its plan to its receipt: shown first, confirmed, done, told. */

import { printable } from '../../base/printable.ts'
import { StaleproofError } from '../../core/errors.ts'
import { countText, timeText } from '../amounts.ts'
import type { Call } from '../command.ts'
import { printDocument } from '../document.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { isSet, textIn } from '../flags.ts'
import { type Changer, type Done, openChanger } from './changer.ts'
import { type Decision, decide, type Plan } from './plan.ts'
import type { Target } from './target.ts'

/** What `--json` says of a change; `done` is left out where nothing was done. */
export interface ChangeDocument {
  readonly environment: string
  readonly plan: Plan
  readonly done: Done | undefined
}

type ChangingCommand = 'invalidate' | 'clear'

/** Rejects with `SP_CONFIRMATION_MISSING`, having changed nothing. */
export async function perform(
  call: Call,
  command: ChangingCommand,
  target: Target,
): Promise<ExitCode> {
  const changer = await openChanger(call)
  try {
    return await performWith(changer, { call, command, target })
  } finally {
    await changer.close()
  }
}

interface Change {
  readonly call: Call
  readonly command: ChangingCommand
  readonly target: Target
}

async function performWith(changer: Changer, change: Change): Promise<ExitCode> {
  const { call, command, target } = change
  const { flags, terminal } = call
  const plan = await changer.plan(target)
  const isJson = isSet(flags, 'json')
  if (!isJson) terminal.print(planLines(plan))
  const { environment } = changer
  const decision = await answered(
    decide(plan, flags, {
      environment,
      isInteractive: terminal.isInteractive,
    }),
    plan,
    call,
  )
  if (decision.is === 'refuse') {
    if (isJson) printDocument(terminal, command, { environment, plan, done: undefined })
    throw refused(decision.expected)
  }
  const isDry = decision.is === 'dry run'
  const done = isDry ? undefined : await changer.execute(target, textIn(flags, 'reason') ?? '')
  if (isJson) printDocument(terminal, command, { environment, plan, done })
  else terminal.print([done === undefined ? 'Nothing was done: a dry run.' : doneLine(done)])
  return (done?.pending ?? 0) > 0 ? exitCodes.incomplete : exitCodes.fine
}

async function answered(decision: Decision, plan: Plan, { terminal }: Call): Promise<Decision> {
  if (decision.is !== 'ask') return decision
  const typed = await terminal.ask(`Type ${printable(plan.confirm)} to do it: `)
  if (typed === plan.confirm) return { is: 'go' }
  return { is: 'refuse', expected: `${plan.confirm} to be typed` }
}

function refused(expected: string): StaleproofError {
  return new StaleproofError('SP_CONFIRMATION_MISSING', 'nothing was done', { expected })
}

function planLines({ what, count, isEstimate, sample }: Plan): readonly string[] {
  const more = count - sample.length
  const keys = `${isEstimate ? 'about ' : ''}${countText(count)} keys`
  return [
    `Invalidates ${printable(what)}: ${keys}.`,
    ...sample.map((key) => `  ${printable(key)}`),
    ...(more > 0 ? [`  and ${countText(more)} more`] : []),
  ]
}

function doneLine({ reached, pending, ms }: Done): string {
  const told = `Done in ${timeText(ms)}; ${countText(reached)} processes were told.`
  return pending === 0 ? told : `${told} ${countText(pending)} could not be told yet.`
}
