/** Programs of the benchmarks that run in a process of their own, and what they answer. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'

/** Compiled beside its parent; `from` is the parent's `import.meta.url`. */
export function startProgram(
  program: URL,
  words: readonly string[],
  nodeOptions: readonly string[] = [],
): ChildProcess {
  return fork(program, words, { execArgv: [...nodeOptions] })
}

/** The next message, which the caller knows the shape of. Rejects when there is none in time. */
export async function answerOf<Answer>(child: ChildProcess, waitMsMax: number): Promise<Answer> {
  const settled = new AbortController()
  const signal = AbortSignal.any([settled.signal, AbortSignal.timeout(waitMsMax)])
  const ended = once(child, 'exit', { signal }).then(([code]) => {
    throw new Error(`its process ended with ${code}`)
  })
  ended.catch(() => {})
  try {
    const message = once(child, 'message', { signal })
    const [answer]: readonly (Answer | Refusal)[] = await Promise.race([message, ended])
    if (answer === undefined) throw new Error('expected an answer')
    if (isRefusal(answer)) throw new Error(answer.failed)
    return answer
  } finally {
    settled.abort()
  }
}

export async function endProgram(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  child.kill('SIGKILL')
  await exit
}

/** What a program answers when it can't do its work. */
export interface Refusal {
  readonly failed: string
}

function isRefusal(answer: unknown): answer is Refusal {
  return typeof answer === 'object' && answer !== null && 'failed' in answer
}
