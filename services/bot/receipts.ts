/**
 * Remembers the receipt of each trader's last write, so that their next read sees it at once,
 * whichever process answers it. Bounded: the trader who wrote longest ago is forgotten first, and
 * then only waits for the usual few milliseconds.
 */
export type Subject = 'positions' | 'user'

/** Traders that are remembered. */
export const tradersMax = 10_000

export class Receipts {
  readonly #tokens = new Map<number, Partial<Record<Subject, string>>>()

  /** What the token proves: a write of the profile says nothing about positions. */
  remember(telegramId: number, token: string | undefined, subjects: readonly Subject[]): void {
    if (token === undefined) return
    const tokens = { ...this.#tokens.get(telegramId) }
    for (const subject of subjects) tokens[subject] = token
    this.#tokens.delete(telegramId)
    this.#tokens.set(telegramId, tokens)
    if (this.#tokens.size > tradersMax) this.#forgetOldest()
  }

  /** Traders whose receipts are held. */
  get traders(): number {
    return this.#tokens.size
  }

  after(telegramId: number, subject: Subject): string | undefined {
    return this.#tokens.get(telegramId)?.[subject]
  }

  #forgetOldest(): void {
    for (const telegramId of this.#tokens.keys()) {
      this.#tokens.delete(telegramId)
      return
    }
  }
}
