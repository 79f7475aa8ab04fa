/**
 * A door of HTTP in front of the API: it tells when a request has gone through, holds an answer
 * that the API has given, and can take away the header that asks for the database.
 */
import {
  Agent,
  createServer,
  type IncomingMessage,
  request as openRequest,
  type Server,
  type ServerResponse,
} from 'node:http'
import { text } from 'node:stream/consumers'

export interface HeldAnswer {
  /** Resolves, when the API has answered, to what it said. */
  readonly given: Promise<string>
  letThrough(): void
}

export class ApiDoor {
  /** Whether `cache-control` is taken from requests, as a careless proxy would. */
  takesNoCache = false
  readonly #apiUrl: string
  readonly #server: Server
  readonly #agent = new Agent()
  #onPassed = () => {}
  #onAnswer: ((answer: string) => Promise<void>) | undefined

  static async open(apiUrl: string): Promise<ApiDoor> {
    const door = new ApiDoor(apiUrl)
    await new Promise<void>((resolve, reject) => {
      door.#server.once('error', reject)
      door.#server.listen(0, '127.0.0.1', resolve)
    })
    return door
  }

  private constructor(apiUrl: string) {
    this.#apiUrl = apiUrl
    this.#server = createServer((request, response) => this.#pass(request, response))
  }

  get url(): string {
    const address = this.#server.address()
    if (address === null || typeof address === 'string') throw new Error('the door is not open')
    return `http://127.0.0.1:${address.port}`
  }

  /** Resolves when the next request was handed to the system on its way to the API. */
  nextRequest(): Promise<void> {
    return new Promise((resolve) => {
      this.#onPassed = resolve
    })
  }

  /** Keeps the next answer of the API back; those after it pass. */
  holdNextAnswer(): HeldAnswer {
    let letThrough = () => {}
    const isOpen = new Promise<void>((resolve) => {
      letThrough = resolve
    })
    const given = new Promise<string>((resolve) => {
      this.#onAnswer = (answer) => {
        this.#onAnswer = undefined
        resolve(answer)
        return isOpen
      }
    })
    return { given, letThrough: () => letThrough() }
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve))
    this.#server.closeAllConnections()
    this.#agent.destroy()
    await closed
  }

  #pass(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const { 'cache-control': wish, ...others } = incoming.headers
    const headers = this.takesNoCache || wish === undefined ? others : incoming.headers
    const { method } = incoming
    const agent = this.#agent
    const request = openRequest(`${this.#apiUrl}${incoming.url}`, { method, headers, agent })
    request.once('finish', () => this.#onPassed())
    request.once('response', (response) => {
      this.#answer(response, outgoing).catch((error: Error) => outgoing.destroy(error))
    })
    request.once('error', () => outgoing.destroy())
    // Whoever asked and left is not waited for.
    outgoing.once('close', () => request.destroy())
    incoming.pipe(request)
  }

  async #answer(response: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const answer = await text(response)
    await this.#onAnswer?.(answer)
    outgoing.writeHead(response.statusCode ?? 502, response.headers).end(answer)
  }
}
