/** How a worker asks the database, which is the command. */
import { hostMs } from '../../system.ts'
import type { Line } from './line.ts'
import { keyOf, type Register, type RegisterFamily, type RegisterName } from './registers.ts'
import type { Change, DatabaseCalls, PublishedReceipt } from './worker-calls.ts'

export class WorkerDatabase {
  readonly #line: Line<DatabaseCalls>
  readonly #process: string
  #changes = 0

  constructor(line: Line<DatabaseCalls>, process: string) {
    this.#line = line
    this.#process = process
  }

  /** The source of the cache. */
  async load(family: RegisterFamily, ids: readonly number[]): Promise<readonly Register[]> {
    const keys = ids.map((id) => keyOf({ family, id }))
    const { versions } = await this.#line.call('load', { keys })
    return versions.map((version) => ({ version }))
  }

  /** Writes the register; resolves to its new version. */
  async commit(name: RegisterName, change: Change): Promise<number> {
    const asked = { process: this.#process, key: keyOf(name), change }
    return (await this.#line.call('commit', asked)).version
  }

  begin(how: Change['how']): Change {
    return { id: ++this.#changes, startedMs: hostMs(), how }
  }

  /** Every cache was told of the change. */
  told({ id }: Change): void {
    // A line that is cut says so to the next load.
    this.#line.call('told', { process: this.#process, id }).catch(() => {})
  }

  async publish(name: RegisterName, receipt: PublishedReceipt): Promise<void> {
    await this.#line.call('publish', { key: keyOf(name), receipt })
  }

  async receipt(name: RegisterName): Promise<PublishedReceipt | undefined> {
    return (await this.#line.call('receipt', { key: keyOf(name) })) ?? undefined
  }
}
