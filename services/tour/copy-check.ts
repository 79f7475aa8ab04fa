/** A leader trades, and who copies the leader holds the position, once. */
import { z } from 'zod'
import type { Position } from '../domain/position.ts'
import { leaderSchema } from '../upstream/client-types.ts'
import { type Check, Disappointment, eventually, expectThat, pause } from './check.ts'

export const leaderIsCopied: Check = {
  title: "a leader's trade is followed, recorded and copied",
  async run(scene) {
    const answer = await fetch(`${scene.stage.urls.upstream}/leaders`)
    const [leader] = z.array(leaderSchema).parse(await answer.json())
    const address = leader?.proxyWallet
    if (address === undefined) throw new Disappointment('the provider names no leaders')
    const copier = await scene.user(90_200, 'Copier')
    const copy = { user_id: copier.id, amount: 5 }
    await scene.post('/watched-addresses', { address, label: 'Tour leader', copy })
    await scene.look('bot', 'positions', copier.id)
    const before = await scene.positionsInDatabase(copier.id)
    await scene.control('trade', { wallet: address, side: 'BUY', size: 10 })
    const copied = await eventually('no copied position', 20_000, async () => {
      const seen = await scene.look('bot', 'positions', copier.id)
      const [first] = copiesSince(before, shownHoldings.parse(seen.value), address)
      return first
    })
    // A second copy would come with the next look at the orders.
    await pause(1_500)
    const held = await scene.positionsInDatabase(copier.id)
    const copies = copiesSince(before, held, address).length
    expectThat(copies === 1, `expected one copy of the trade, found ${copies}`)
    return `position #${copied.id} copied from ${address.slice(0, 10)}…`
  },
}

type Copied = Pick<Position, 'id' | 'copiedFrom'>

const shownHoldings = z.array(z.object({ id: z.number(), copiedFrom: z.string().nullable() }))

/** What has been copied from this leader since, who trades only when told to. */
export function copiesSince<T extends Copied>(
  before: readonly Copied[],
  held: readonly T[],
  leader: string,
): readonly T[] {
  const known = new Set(before.map(({ id }) => id))
  return held.filter(({ id, copiedFrom }) => copiedFrom === leader && !known.has(id))
}
