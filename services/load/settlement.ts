/** At the end of a phase: positions in the database must be those that were bought and not sold. */
import { z } from 'zod'
import type { HttpPool } from './http-pool.ts'
import type { Crowd } from './people.ts'
import type { Witness } from './witness.ts'

const shown = z.object({ positions: z.array(z.object({ id: z.number() })) })
const headers = { 'cache-control': 'no-cache' }

/** How many users have others. */
export async function settledPositions(options: {
  readonly api: HttpPool
  readonly crowd: Crowd
  readonly witness: Witness
}): Promise<number> {
  const { api, crowd, witness } = options
  let unlike = 0
  for (const { id } of crowd.users) {
    if (!witness.isSure(id)) continue
    const path = `/positions/user/${id}`
    const { positions } = shown.parse(await api.json({ method: 'GET', path, headers }))
    const inDatabase = positions.map((position) => position.id).sort((a, b) => a - b)
    const accepted = [...witness.account(id).positions.open].sort((a, b) => a - b)
    if (inDatabase.join() !== accepted.join()) unlike += 1
  }
  return unlike
}
