/** `staleproof get`: what Redis holds for a key. It never loads, and counts as no read. */

import { printableLines } from '../../base/printable.ts'
import type { EntryAnswer } from '../../ops/index.ts'
import type { Call } from '../command.ts'
import { type AdminApi, adminApi } from '../connection/admin-api.ts'
import { publishedBy } from '../connection/processes.ts'
import { type Server, withServer } from '../connection/server.ts'
import { printDocument } from '../document.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { isSet } from '../flags.ts'
import { FamilyNames } from './family-names.ts'
import { wholeSlot } from './one-slot.ts'
import { type Shown, shownValue } from './value-text.ts'

type Found = Shown | { readonly is: 'absent'; readonly kind: string }

/** What `--json` says of a value. */
export type GetDocument = Found & { readonly key: string }

/** Exit code 1: there is no value. */
export async function get(call: Call): Promise<ExitCode> {
  const { args, flags, terminal } = call
  const [key = ''] = args
  const api = adminApi(flags)
  const found = await (api === undefined
    ? withServer(call, (server) => valueOn(server, call, key))
    : valueFrom(api, key))
  if (isSet(flags, 'json')) printDocument(terminal, 'get', { key, ...found })
  else if (found.is === 'value') terminal.print(valueLines(found.value))
  else terminal.say(`${key}: ${whyNot(found)}`)
  if (found.is === 'value') return exitCodes.fine
  return found.is === 'absent' ? exitCodes.found : exitCodes.refused
}

async function valueOn(server: Server, call: Call, key: string): Promise<Found> {
  const processes = (await publishedBy(server, call)).map(({ facts }) => facts)
  const family = new FamilyNames(processes).of(key)
  const isSensitive = processes.some(({ families }) => {
    return family !== undefined && families[family]?.isSensitive === true
  })
  if (isSensitive) return { is: 'withheld', because: `the family ${family} is sensitive` }
  const slot = await wholeSlot(server, key)
  if (slot?.kind === 'value') return shownValue(slot)
  return { is: 'absent', kind: slot?.kind ?? 'nothing' }
}

async function valueFrom(api: AdminApi, key: string): Promise<Found> {
  const entry = await api.get<EntryAnswer>(`entries/${encodeURIComponent(key)}?value=1`)
  const { valueWithheld: why, value } = entry
  if (why === undefined) return { is: 'value', value }
  return why === 'absent' ? { is: 'absent', kind: 'nothing' } : { is: 'withheld', because: why }
}

function valueLines(value: unknown): readonly string[] {
  // The source said that there is none, and that is remembered.
  if (value === undefined) return ['undefined']
  return printableLines(JSON.stringify(value, undefined, 2))
}

function whyNot(found: Exclude<Found, { is: 'value' }>): string {
  return found.is === 'withheld' ? found.because : `no value (${found.kind})`
}
