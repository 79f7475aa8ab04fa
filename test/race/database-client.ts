/** How a process asks the database of the race tests. */

export interface PublishedReceipt {
  readonly version: number
  readonly token: string
}

interface Asked {
  readonly family: string
  readonly ids: readonly number[]
  readonly receipt?: PublishedReceipt
}

export class DatabaseClient {
  readonly #url: string

  constructor(url: string) {
    this.#url = url
  }

  /** Versions aligned with the ids. */
  async read(
    family: string,
    ids: readonly number[],
    signal?: AbortSignal,
  ): Promise<readonly number[]> {
    return (await this.#ask('read', { family, ids }, signal)).map(Number)
  }

  /** Writes: each register gets the next version, which is returned. */
  async bump(family: string, ids: readonly number[]): Promise<readonly number[]> {
    return (await this.#ask('bump', { family, ids })).map(Number)
  }

  /** Leaves a receipt for other processes, with the version that it stands for. */
  async publish(family: string, id: number, receipt: PublishedReceipt): Promise<void> {
    await this.#ask('publish', { family, ids: [id], receipt })
  }

  /** The last receipt that was left. */
  async receipt(family: string, id: number): Promise<PublishedReceipt | undefined> {
    const [text] = await this.#ask('receipts', { family, ids: [id] })
    if (typeof text !== 'string' || text === '') return undefined
    return JSON.parse(text) as PublishedReceipt
  }

  async #ask(what: string, asked: Asked, signal?: AbortSignal): Promise<readonly unknown[]> {
    const { family, ids, receipt } = asked
    const parameters = new URLSearchParams({ family, ids: ids.join(',') })
    if (receipt !== undefined) parameters.set('receipt', JSON.stringify(receipt))
    const address = `${this.#url}/${what}?${parameters}`
    const response = await fetch(address, signal === undefined ? {} : { signal })
    if (!response.ok) throw new Error(`the database answered ${response.status}`)
    const answer: unknown = await response.json()
    if (Array.isArray(answer)) return answer
    throw new Error(`expected an array, the database answered ${JSON.stringify(answer)}`)
  }
}
