/** Requests over kept connections, with as little work for each as Node allows. */
import { Agent, request } from 'node:http'

export interface Asked {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly body?: object | undefined
  readonly headers?: Readonly<Record<string, string>>
}

export interface Answered {
  /** 0: there was no answer. */
  readonly status: number
  readonly text: string
}

const deadlineMs = 10_000

export class HttpPool {
  readonly #agent: Agent
  readonly #hostname: string
  readonly #port: string

  constructor(url: string, connectionsMax: number) {
    const { hostname, port } = new URL(url)
    this.#hostname = hostname
    this.#port = port
    this.#agent = new Agent({ keepAlive: true, maxSockets: connectionsMax })
  }

  /** Never rejects. */
  send({ method, path, body, headers }: Asked): Promise<Answered> {
    const sent = body === undefined ? undefined : JSON.stringify(body)
    const ofBody = sent && {
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(sent)),
    }
    return new Promise((resolve) => {
      const asking = request(
        {
          agent: this.#agent,
          hostname: this.#hostname,
          port: this.#port,
          method,
          path,
          headers: { ...headers, ...ofBody },
          timeout: deadlineMs,
        },
        (response) => {
          let text = ''
          response.setEncoding('utf8')
          response.on('data', (part) => {
            text += part
          })
          response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
          response.on('error', (error) => resolve({ status: 0, text: String(error) }))
        },
      )
      asking.on('timeout', () => asking.destroy(new Error(`no answer in ${deadlineMs} ms`)))
      asking.on('error', (error) => resolve({ status: 0, text: String(error) }))
      asking.end(sent)
    })
  }

  /** The parsed answer; throws where it is no success. */
  async json(asked: Asked): Promise<unknown> {
    const { status, text } = await this.send(asked)
    if (status >= 200 && status < 300) return text === '' ? undefined : JSON.parse(text)
    throw new Error(`${asked.method} ${asked.path} answered ${status}: ${text.slice(0, 200)}`)
  }

  close(): void {
    this.#agent.destroy()
  }
}
