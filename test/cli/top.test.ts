/** `staleproof top` on a terminal: what it takes, it gives back. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../servers/eventually.ts'
import { spawnWorker, type TestWorker, typescriptArguments } from '../servers/processes.ts'
import { describeWithRedis, startRedis, type TestRedis } from '../servers/redis.ts'
import { mainFile } from './command-line.ts'
import type { ShopCalls, ShopInit } from './shop-worker.ts'

const toAlternate = '\u001b[?1049h'
const toUsual = '\u001b[?1049l'
/** Of util-linux: gives a program a terminal. */
const hasTerminals = spawnSync('script', ['--version']).status === 0
const describeWithTerminal = hasTerminals ? describeWithRedis : describe.skipIf(true)

interface Shown {
  readonly child: ChildProcess
  readonly text: () => string
  readonly ended: Promise<number | null>
}

describeWithTerminal('top on a terminal (needs script: apt-get install bsdutils)', () => {
  let redis: TestRedis
  let api: TestWorker<ShopCalls>
  beforeAll(async () => {
    redis = await startRedis()
    const init: ShopInit = { redis: redis.url, service: 'api' }
    api = await spawnWorker<ShopCalls>(new URL('./shop-worker.ts', import.meta.url), init)
    await api.call('read', [1, 2, 1])
  })
  afterAll(async () => {
    await api?.stop()
    await redis?.stop()
  })

  function show(): Shown {
    const words = [process.execPath, ...typescriptArguments, mainFile, 'top']
    const command = `stty rows 24 cols 80; ${words.map((word) => `'${word}'`).join(' ')}`
    const child = spawn('script', ['-qec', command, '/dev/null'], {
      env: { ...process.env, REDIS_URL: redis.url, TERM: 'xterm', CI: '', NO_COLOR: '' },
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    let text = ''
    child.stdout?.setEncoding('utf8').on('data', (part: string) => {
      text += part
    })
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
    return { child, text: () => text, ended }
  }

  it.each([
    ['q', 0],
    ['\u0003', 130],
  ])('ends with %j and gives the screen back', async (key, code) => {
    const { child, text, ended } = show()
    await eventually('the families to be there', () => text().includes('product'), 30_000)
    child.stdin?.write(key)
    expect(await ended).toBe(code)
    expect(text().indexOf(toAlternate)).toBeGreaterThanOrEqual(0)
    expect(text().trimEnd().endsWith(toUsual)).toBe(true)
    expect(text()).toContain('\u001b[?25h')
  })

  it('shows another view, and goes on when the server is gone', async () => {
    const shown = show()
    await eventually('the families to be there', () => shown.text().includes('product'), 30_000)
    shown.child.stdin?.write('2')
    await eventually('commands to be there', () => shown.text().includes('EVALSHA'), 30_000)
    redis.freeze()
    await eventually('that to be told', () => shown.text().includes('✗'), 30_000)
    redis.resume()
    shown.child.stdin?.write('q')
    expect(await shown.ended).toBe(0)
  })
})
