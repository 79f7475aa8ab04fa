/** A leader trades, and who copies the leader holds the position, once. */
import { z } from 'zod'
import { holdingSchema, type Position } from '../domain/position.ts'
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
    const order = { wallet: address, side: 'BUY', size: 10 }
    const trade = tradeSchema.parse(await scene.control('trade', order))
    const copied = await eventually('no copied position', 20_000, async () => {
      const seen = await scene.look('bot', 'positions', copier.id)
      const [first] = copiesOf(trade, before, shownHoldings.parse(seen.value))
      return first
    })
    // A second copy would come with the next look at the orders.
    await pause(1_500)
    const held = await scene.positionsInDatabase(copier.id)
    const copies = copiesOf(trade, before, held).length
    expectThat(copies === 1, `expected one copy of the trade, found ${copies}`)
    return `position #${copied.id} copied from ${address.slice(0, 10)}…`
  },
}

type Copied = Pick<Position, 'id' | 'marketId' | 'outcome' | 'copiedFrom'>

const shownHoldings = z.array(
  holdingSchema.pick({ id: true, marketId: true, outcome: true, copiedFrom: true }),
)
/** As the provider tells of it. */
const tradeSchema = z.object({
  proxyWallet: z.string(),
  marketId: z.string(),
  outcomeIndex: z.union([z.literal(0), z.literal(1)]),
})

/** What has been copied of this trade since. The leader makes other trades meanwhile. */
export function copiesOf<T extends Copied>(
  trade: z.output<typeof tradeSchema>,
  before: readonly Copied[],
  held: readonly T[],
): readonly T[] {
  const known = new Set(before.map(({ id }) => id))
  const outcome = trade.outcomeIndex === 0 ? 'yes' : 'no'
  return held.filter((position) => {
    const isOfTrade = position.marketId === trade.marketId && position.outcome === outcome
    return isOfTrade && position.copiedFrom === trade.proxyWallet && !known.has(position.id)
  })
}
