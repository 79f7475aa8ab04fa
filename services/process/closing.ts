/**
 * What a service has opened, closed in reverse order: every step runs, also after one that fails,
 * and the first failure is what the caller hears of.
 */
export type ClosingStep = () => unknown

export class Closing {
  readonly #steps: ClosingStep[] = []

  /** What is added last is closed first. */
  add(step: ClosingStep): void {
    this.#steps.push(step)
  }

  async close(): Promise<void> {
    const faults: unknown[] = []
    for (let step = this.#steps.pop(); step !== undefined; step = this.#steps.pop()) {
      try {
        await step()
      } catch (fault) {
        faults.push(fault)
      }
    }
    if (faults.length > 0) throw faults[0]
  }
}

/** Opens something of several parts; where one fails, those before it are closed again. */
export async function openInSteps<T>(open: (closing: Closing) => Promise<T>): Promise<T> {
  const closing = new Closing()
  try {
    return await open(closing)
  } catch (fault) {
    // The reason why it could not be opened is the one to tell.
    await closing.close().catch(() => undefined)
    throw fault
  }
}
