/** A person at the chat page: writes to the bot and reads what it answers. */
import { z } from 'zod'
import { requestJson } from '../process/http-client.ts'
import { Disappointment } from './check.ts'

const changes = z.object({
  messages: z.array(z.object({ messageId: z.number(), from: z.string(), text: z.string() })),
  cursor: z.number(),
})
const answerDeadlineMs = 10_000

export class ChatPerson {
  readonly telegramId: number
  readonly #url: string
  #cursor = 0

  constructor(chatUrl: string, telegramId: number) {
    this.telegramId = telegramId
    this.#url = `${chatUrl}/chat/${telegramId}`
  }

  /** The text of the bot's next message after this one. */
  async say(text: string): Promise<string> {
    await requestJson(`${this.#url}/messages`, { method: 'POST', body: { text } })
    const endMs = performance.now() + answerDeadlineMs
    while (performance.now() < endMs) {
      const url = `${this.#url}/messages?after=${this.#cursor}&wait=1000`
      const { messages, cursor } = changes.parse((await requestJson(url)).body)
      this.#cursor = cursor
      const answer = messages.filter((message) => message.from === 'bot').at(-1)
      if (answer !== undefined) return answer.text
    }
    throw new Disappointment(`the bot did not answer '${text}' within ${answerDeadlineMs} ms`)
  }
}
