/** What there is to say of one key: by a process where one is asked, else by Redis alone. */
import type { Explanation } from '../../core/explanation.ts'
import type { EntryAnswer } from '../../ops/index.ts'
import type { Call } from '../command.ts'
import { type AdminApi, adminApi } from '../connection/admin-api.ts'
import { publishedBy } from '../connection/processes.ts'
import { withServer } from '../connection/server.ts'
import { printDocument } from '../document.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { isSet } from '../flags.ts'
import { type Explained, explainLines } from './explain-lines.ts'
import { FamilyNames } from './family-names.ts'
import { oneSlot } from './one-slot.ts'
import { redisExplanation } from './slot-explanation.ts'

export async function explainKey(call: Call, key: string): Promise<ExitCode> {
  const { flags, terminal } = call
  const api = adminApi(flags)
  const explained = api === undefined ? await ofRedis(call, key) : await ofProcess(api, key)
  if (isSet(flags, 'json')) printDocument(terminal, 'explain', { explanation: explained })
  else terminal.print(explainLines(explained, terminal.paint))
  if (api === undefined) {
    terminal.note('trust, memory and the last miss are known to processes: --url asks one')
  }
  return exitCodes.fine
}

function ofRedis(call: Call, key: string): Promise<Explained> {
  return withServer(call, async (server) => {
    const processes = (await publishedBy(server, call)).map(({ facts }) => facts)
    const family = new FamilyNames(processes).of(key)
    const declared = processes.flatMap(({ families }) => {
      return family === undefined ? [] : (families[family] ?? [])
    })
    const one = await oneSlot(server, key)
    const versions = [...new Set(declared.map(({ version }) => version))]
    const redis = redisExplanation(one, versions)
    return { key, partition: one.partition, redis, declaredFamily: family }
  })
}

async function ofProcess(api: AdminApi, key: string): Promise<Explained> {
  const { explanation } = await api.get<EntryAnswer>(`entries/${encodeURIComponent(key)}`)
  // Its type is that of `cache.explain`, which the route hands on.
  return explanation as Explanation
}
