/** Asks the person at the terminal; the question is talk, so it goes to stderr. */
import { createInterface } from 'node:readline/promises'

/** Undefined: they went away instead. */
export async function prompt(question: string): Promise<string | undefined> {
  const line = createInterface({ input: process.stdin, output: process.stderr })
  try {
    const ended = new Promise<undefined>((resolve) => line.once('close', () => resolve(undefined)))
    const answer = await Promise.race([line.question(question), ended])
    return answer?.trim()
  } finally {
    line.close()
  }
}
