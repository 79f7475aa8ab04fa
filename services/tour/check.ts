/** One thing that the tour looks at: it returns what it saw, or throws what was wrong. */
import type { Scene } from './scene.ts'

export interface Check {
  readonly title: string
  readonly run: (scene: Scene) => Promise<string>
}

/** What was seen is not what was promised. */
export class Disappointment extends Error {
  override readonly name = 'Disappointment'
}

export function expectThat(isTrue: boolean, otherwise: string): void {
  if (!isTrue) throw new Disappointment(otherwise)
}

/** Asks again until the answer is there; throws what was missing when the time is up. */
export async function eventually<T>(
  missing: string,
  deadlineMs: number,
  look: () => Promise<T | undefined>,
): Promise<T> {
  const endMs = performance.now() + deadlineMs
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    if (performance.now() > endMs) throw new Disappointment(`${missing} within ${deadlineMs} ms`)
    await pause(20)
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
