/** `staleproof tail`: what the bus says, as it says it. */
import { Deferred } from '../../base/deferred.ts'
import type { Call } from '../command.ts'
import { Nodes } from '../connection/nodes.ts'
import { type Server, withServer } from '../connection/server.ts'
import { printLine } from '../document.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { isSet, numberIn } from '../flags.ts'
import { Bus } from './bus.ts'
import { tailFields, tailLine } from './tail-line.ts'

export function tail(call: Call): Promise<ExitCode> {
  return withServer(call, (server) => told(call, server))
}

async function told(call: Call, server: Server): Promise<ExitCode> {
  const { flags, terminal } = call
  const ended = new Deferred<ExitCode>()
  const countMax = numberIn(flags, 'count') ?? Number.POSITIVE_INFINITY
  let [shown, dropped] = [0, 0]
  const { inspection, namespace } = server
  const bus = await Bus.open(
    { flags, namespace, nodes: new Nodes(inspection) },
    {
      message: (message) => {
        if (shown >= countMax) return
        // Whoever reads us may be slower than the caches are.
        if (terminal.isBehind) {
          dropped++
          return
        }
        if (dropped > 0) terminal.say(`${dropped} messages were not shown: the reader is too slow`)
        dropped = 0
        if (isSet(flags, 'json')) printLine(terminal, 'tail', tailFields(message))
        else terminal.print([tailLine(message, terminal.paint)])
        if (++shown >= countMax) ended.resolve(exitCodes.fine)
      },
      lost: (reason) => terminal.say(`the connection is lost; messages may be missed: ${reason}`),
      back: () => terminal.note('connected again'),
      foreign: () => terminal.say('a message of another version of the library was passed over'),
    },
  )
  call.onSignal(() => ended.resolve(exitCodes.interrupted))
  terminal.note(`invalidations of ${namespace}; interrupt to end`)
  try {
    return await ended.promise
  } finally {
    bus.close()
  }
}
