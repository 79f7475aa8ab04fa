/** A trader finds a market by its words; like queries are answered by one search. */
import { z } from 'zod'
import { ChatPerson } from './chat-person.ts'
import { type Check, eventually, expectThat } from './check.ts'
import type { Scene } from './scene.ts'

const answer = z.object({
  markets: z.array(z.object({ id: z.string(), question: z.string() })),
  query: z.string(),
  computed_at: z.string(),
  markets_searched: z.number(),
})
type Answer = z.infer<typeof answer>

export const searchIsShared: Check = {
  title: 'a search is shared by queries that mean the same, and finds what was asked for',
  async run(scene) {
    const [market] = await scene.markets('volume', 1)
    expectThat(market !== undefined, 'there are no markets')
    const question = market?.question ?? ''
    // An import of markets between two of them would compute the result anew.
    const first = await eventually('no shared result', 20_000, async () => {
      const answers = []
      for (const text of spellings(question)) answers.push(await search(scene, text))
      const [one] = answers
      return answers.every((other) => other.computed_at === one?.computed_at) ? one : undefined
    })
    const isFound = first.markets.some(({ id }) => id === market?.id)
    expectThat(isFound, `"${question}" was not found by its own words`)
    const person = new ChatPerson(scene.chatUrl, 90_300)
    const shown = await person.say(question)
    expectThat(shown.includes(question), `the bot did not show "${question}": ${shown}`)
    const spelt = spellings(question).length
    return `${first.markets_searched} markets searched once for ${spelt} spellings`
  },
}

async function search(scene: Scene, text: string): Promise<Answer> {
  return answer.parse(await scene.get(`/markets/search?${new URLSearchParams({ q: text })}`))
}

/** The question as it is, loudly, and with its words the other way round. */
function spellings(question: string): readonly string[] {
  const words = question.split(/\s+/)
  return [question, question.toUpperCase(), [...words].reverse().join('  ')]
}
