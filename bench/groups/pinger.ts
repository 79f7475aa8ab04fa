/** Windows of pings by another process: how much does what happens meanwhile delay them? */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { PingWindow } from './ping-process.ts'

const answerMsMax = 10_000

export class Pinger {
  readonly #child: ChildProcess

  private constructor(child: ChildProcess) {
    this.#child = child
  }

  static async open(redisUrl: string): Promise<Pinger> {
    const program = fileURLToPath(new URL('./ping-process.js', import.meta.url))
    const pinger = new Pinger(fork(program, [redisUrl]))
    await pinger.#window()
    return pinger
  }

  /** The pings while this ran. */
  async during(work: () => Promise<unknown>): Promise<PingWindow> {
    await this.#window()
    await work()
    return this.#window()
  }

  async close(): Promise<void> {
    if (this.#child.exitCode !== null) return
    const exit = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await exit
  }

  async #window(): Promise<PingWindow> {
    const signal = AbortSignal.timeout(answerMsMax)
    const answer = once(this.#child, 'message', { signal })
    this.#child.send('window')
    const [window]: readonly PingWindow[] = await answer
    if (window === undefined) throw new Error('expected a window of pings')
    return window
  }
}
