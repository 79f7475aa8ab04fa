/** A leader trades, and who copies the leader holds the position, once. */
import { z } from 'zod'
import { leaderSchema } from '../upstream/client-types.ts'
import { type Check, eventually, expectThat, pause } from './check.ts'

export const leaderIsCopied: Check = {
  title: "a leader's trade is followed, recorded and copied",
  async run(scene) {
    const answer = await fetch(`${scene.stage.urls.upstream}/leaders`)
    const [leader] = z.array(leaderSchema).parse(await answer.json())
    const address = leader?.proxyWallet
    expectThat(address !== undefined, 'the provider names no leaders')
    const copier = await scene.user(90_200, 'Copier')
    const copy = { user_id: copier.id, amount: 5 }
    await scene.post('/watched-addresses', { address, label: 'Tour leader', copy })
    await scene.look('bot', 'positions', copier.id)
    await scene.control('trade', { wallet: address, side: 'BUY', size: 10 })
    const copied = await eventually('no copied position', 20_000, async () => {
      const seen = await scene.look('bot', 'positions', copier.id)
      return z
        .array(z.object({ id: z.number(), copiedFrom: z.string().nullable() }))
        .parse(seen.value)
        .find((position) => position.copiedFrom !== null)
    })
    await pause(1_500)
    const held = await scene.positionsInDatabase(copier.id)
    const copies = held.filter((position) => position.id === copied.id).length
    expectThat(copies === 1, `expected one copy of the trade, found ${copies}`)
    return `position #${copied.id} copied from ${copied.copiedFrom?.slice(0, 10)}…`
  },
}
