/** `staleproof top`: the cache live, on a terminal; printed once elsewhere. */
import { Deferred } from '../../base/deferred.ts'
import type { Timer } from '../../core/contracts/clock.ts'
import { StaleproofError } from '../../core/errors.ts'
import { environment, systemClock } from '../../system.ts'
import type { Call } from '../command.ts'
import { Nodes } from '../connection/nodes.ts'
import { withInspection } from '../connection/server.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { isSet, numberOf, textIn } from '../flags.ts'
import { Bus, type BusParts } from '../tail/bus.ts'
import { LiveTop } from './live-top.ts'
import { type PrintedParts, printedTop } from './printed-top.ts'
import { Sight } from './sight.ts'
import { firstState, intervalRangeMs, type ViewState, viewNames } from './view-state.ts'

export async function top(call: Call): Promise<ExitCode> {
  const state = stateOf(call)
  const { flags } = call
  return withInspection(flags, async (inspection) => {
    const nodes = new Nodes(inspection)
    const namespace = await nodes.namespace(textIn(flags, 'namespace'))
    const sight = new Sight()
    const bus = await busOf({ flags, namespace, nodes }, sight)
    const parts = { sources: { nodes, namespace, bus }, sight, state }
    try {
      return await (isLive(call) ? live(call, parts) : printedTop(call, parts))
    } finally {
      bus.close()
    }
  })
}

function isLive({ flags }: Call): boolean {
  if (isSet(flags, 'once') || isSet(flags, 'json')) return false
  const isTerminal = process.stdout.isTTY === true && process.stdin.isTTY === true
  return isTerminal && environment('TERM') !== 'dumb' && environment('CI') === undefined
}

async function live(call: Call, parts: PrintedParts): Promise<ExitCode> {
  const over = new Deferred<ExitCode>()
  call.onSignal(() => over.resolve(exitCodes.interrupted))
  const screen = new LiveTop({ ...parts, call, over })
  let timer: Timer | undefined
  const turn = async (): Promise<void> => {
    await screen.read()
    timer = systemClock.timer(screen.intervalMs, () => void turn())
  }
  void turn()
  try {
    return await over.promise
  } finally {
    timer?.cancel()
    screen.close()
  }
}

/** Without the right to subscribe all but one view is there, and that is told. */
function busOf(parts: BusParts, sight: Sight): Promise<Bus> {
  const ignored = () => {}
  const message = sight.hear.bind(sight)
  return Bus.begin(parts, { message, lost: ignored, back: ignored, foreign: ignored })
}

function stateOf({ flags }: Call): ViewState {
  const intervalMs = numberOf(flags, 'interval')
  const { min, max } = intervalRangeMs
  if (intervalMs < min || intervalMs > max) {
    const details = { expected: 'from 250ms to 1m', received: `${intervalMs} ms` }
    throw new StaleproofError('SP_OPTION_INVALID', "top: option '--interval'", details)
  }
  const view = viewNames.find((name) => name === textIn(flags, 'view')) ?? 'families'
  return firstState(view, intervalMs)
}
