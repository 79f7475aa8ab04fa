/** `staleproof dashboard`: the page for one person on this machine. */
import { createServer, type Server as HttpServer } from 'node:http'
import { opsListener } from '../../adapters/node.ts'
import { Deferred } from '../../base/deferred.ts'
import type { Catalog, Families } from '../../core/catalog.ts'
import { StaleproofError } from '../../core/errors.ts'
import { openCache } from '../../open.ts'
import { type Ops, openOps } from '../../ops/index.ts'
import { systemChance } from '../../system.ts'
import type { Call } from '../command.ts'
import { redisAddress } from '../connection/address.ts'
import { joining } from '../connection/agreed.ts'
import { catalogIn } from '../connection/catalog-file.ts'
import { type Server, withServer } from '../connection/server.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { isSet, numberOf, textIn } from '../flags.ts'
import { Door } from './door.ts'
import { onlookerOf } from './onlooker.ts'

const host = '127.0.0.1'
/** It reads nothing ahead; what it has is what somebody looked at. */
const memory = { maxBytes: 1_048_576 }

export async function dashboard(call: Call): Promise<ExitCode> {
  const file = textIn(call.flags, 'catalog')
  if (file === undefined) {
    const details = { expected: '--catalog FILE, a module that exports the catalog' }
    throw new StaleproofError('SP_OPTION_INVALID', 'dashboard: no catalog is named', details)
  }
  const catalog = await catalogIn(file)
  const namespace = textIn(call.flags, 'namespace') ?? catalog.name
  const flags = { ...call.flags, namespace }
  return withServer({ flags }, (server) => watched({ ...call, flags }, server, catalog))
}

async function watched(call: Call, server: Server, catalog: Catalog<Families>): Promise<ExitCode> {
  const { flags } = call
  const joined = await joining(server, redisAddress(flags))
  const service = 'staleproof-dashboard'
  const cache = await openCache(catalog, { ...joined, service, memory, log: false })
  const closings = [() => cache.close()]
  try {
    const onlooker = await onlookerOf(cache, server.inspection)
    closings.unshift(() => onlooker.close())
    const token = `${systemChance.token()}${systemChance.token()}${systemChance.token()}`
    const ops = openOps(cache, {
      reporter: onlooker.reporter,
      redis: joined.redis,
      readOnly: !isSet(flags, 'allow-changes'),
      environment: textIn(flags, 'environment') ?? 'production',
      auth: [{ name: 'command', role: 'administrator', token }],
    })
    closings.unshift(() => ops.close())
    return await served(call, { ops, server, token })
  } finally {
    for (const close of closings) await close()
  }
}

interface Parts {
  readonly ops: Ops
  readonly server: Server
  readonly token: string
}

async function served(call: Call, { ops, server, token }: Parts): Promise<ExitCode> {
  const { flags, terminal } = call
  const once = systemChance.token()
  const http = createServer(opsListener(new Door(ops, { token, once }).guarded))
  const port = await listening(http, numberOf(flags, 'port'))
  const over = new Deferred<ExitCode>()
  call.onSignal(() => over.resolve(exitCodes.interrupted))
  terminal.note(
    `${server.namespace} at ${server.inspection.address}; the address opens once, interrupt to end`,
  )
  if (!isSet(flags, 'allow-changes')) terminal.note('read-only; --allow-changes lets it invalidate')
  terminal.print([`http://${host}:${port}/open/${once}`])
  try {
    return await over.promise
  } finally {
    http.close()
    http.closeAllConnections()
  }
}

/** Rejects with `SP_OPTION_INVALID` where the port is taken. */
function listening(http: HttpServer, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    http.once('error', (cause) => {
      const details = { expected: 'a free port', received: String(port), cause }
      reject(new StaleproofError('SP_OPTION_INVALID', "dashboard: option '--port'", details))
    })
    http.listen(port, host, () => {
      const address = http.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}
