/** Who buys sees the position at once, and everybody else keeps their memory. */
import { ChatPerson } from './chat-person.ts'
import { type Check, expectThat } from './check.ts'
import type { Scene } from './scene.ts'

const purchases = 200
const buyers = 5

export const buysAreSeenAtOnce: Check = {
  title: `${purchases} buys through the Bot are each followed by /positions that shows them`,
  async run(scene) {
    const [market] = await scene.markets('volume', 1)
    expectThat(market !== undefined, 'there is no market to buy in')
    const marketId = market?.id ?? ''
    const started = performance.now()
    const each = Array.from({ length: buyers }, (_, index) => buyAndLook(scene, marketId, index))
    const missed = (await Promise.all(each)).flat()
    expectThat(
      missed.length === 0,
      `${missed.length} were not shown: ${missed.slice(0, 3).join('; ')}`,
    )
    const seconds = ((performance.now() - started) / 1000).toFixed(1)
    const from = await bystanderSees(scene, marketId)
    expectThat(from === 'memory', `a bystander's entry was dropped by a buy: came from ${from}`)
    return `${purchases} of ${purchases} in ${seconds} s; a bystander's entry stayed in memory`
  },
}

/** One person buys again and again; returns what `/positions` did not show. */
async function buyAndLook(scene: Scene, marketId: string, index: number): Promise<string[]> {
  const person = new ChatPerson(scene.chatUrl, 90_001 + index)
  await person.say('/start')
  const user = await scene.user(person.telegramId, `Tour ${index}`)
  const missed: string[] = []
  for (let count = 0; count < purchases / buyers; count++) {
    const answer = await person.say(`/buy ${marketId} yes 1`)
    const shown = await person.say('/positions')
    const [newest] = await scene.positionsInDatabase(user.id)
    if (!answer.startsWith('Bought')) missed.push(`the bot said '${answer}'`)
    else if (newest === undefined) missed.push('the database has no position')
    else if (!shown.includes(`#${newest.id} `)) missed.push(`#${newest.id} is not in the list`)
  }
  return missed
}

/** Where the positions of somebody who holds none come from, after somebody else has bought. */
async function bystanderSees(scene: Scene, marketId: string): Promise<string> {
  const bystander = await scene.user(90_100, 'Bystander')
  const buyer = await scene.user(90_001, 'Tour 0')
  await scene.look('bot', 'positions', bystander.id)
  await scene.buy(buyer.id, marketId, 1)
  return (await scene.look('bot', 'positions', bystander.id)).from
}
