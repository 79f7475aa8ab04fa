/**
 * Invalidating a thousand keys among 200,000 others: how long it takes, and how long
 * another client waits meanwhile. Calls that only raise a version and calls that find and
 * delete keys are in one table, because an application chooses between them.
 */
import { randomUUID } from 'node:crypto'
import type { Stage } from '../contestant.ts'
import { type Failure, reasonOf } from '../failure.ts'
import { Pinger } from '../groups/pinger.ts'
import { ourRemovers } from '../removal/our-removers.ts'
import { peerRemovers } from '../removal/peer-removers.ts'
import { rawRemovers } from '../removal/raw-removers.ts'
import { Removal, type Remover } from '../removal/remover.ts'
import { ServerObserver } from '../server-figures.ts'
import { medianOf, spreadOf } from '../statistics.ts'
import type { Study, StudyResult, StudyRow } from '../study.ts'

const others = 200_000
const keys = Array.from({ length: 1_000 }, (_, number) => `key-${number}`)
const rounds = { full: 5, quick: 3 }
const FILL = `
for number = 1, tonumber(ARGV[2]) do
  redis.call('SET', ARGV[1] .. number, 'other', 'PX', 3600000)
end
`
const CLEAR = `
for number = 1, tonumber(ARGV[2]) do redis.call('UNLINK', ARGV[1] .. number) end
`

interface Measured {
  readonly wallMs: number[]
  readonly pingMaxMs: number[]
}

export const removal: Study = {
  name: 'removal',
  needsOwnRedis: true,
  async study(stage, isQuick) {
    const observer = new ServerObserver(stage.redisUrl ?? '')
    const pinger = await Pinger.open(stage.redisUrl ?? '')
    const prefix = `other-${randomUUID()}:`
    try {
      await observer.redis.eval(FILL, 0, prefix, others)
      return await measure(stage, pinger, isQuick ? rounds.quick : rounds.full)
    } finally {
      await observer.redis.eval(CLEAR, 0, prefix, others)
      await pinger.close()
      observer.close()
    }
  },
}

async function measure(stage: Stage, pinger: Pinger, count: number): Promise<StudyResult> {
  const removals = new Map<string, Removal>()
  const measured = new Map<string, Measured>()
  const failures: Failure[] = []
  const dismiss = (name: string, error: unknown) => {
    removals.delete(name)
    measured.delete(name)
    failures.push({ name, reason: reasonOf(error) })
  }
  for (const remover of [...ourRemovers, ...peerRemovers, ...rawRemovers]) {
    await open(remover, stage).then(
      (opened) => removals.set(remover.name, opened),
      (error) => dismiss(remover.name, error),
    )
  }
  try {
    for (let round = 0; round < count; round++) {
      for (const [name, opened] of removals) {
        await playTurn(opened, pinger).then(
          (turn) => note(measured, name, turn),
          (error) => dismiss(name, error),
        )
      }
    }
  } finally {
    for (const opened of removals.values()) await opened.close()
  }
  return resultOf(measured, { rounds: count, failures })
}

/** The first time pays for compiling, so it does not count. */
async function open(remover: Remover, stage: Stage): Promise<Removal> {
  const opened = await Removal.open(remover, stage, keys)
  await opened.fill()
  await opened.remove()
  return opened
}

interface RemovalTurn {
  readonly wallMs: number
  readonly pingMaxMs: number
}

async function playTurn(opened: Removal, pinger: Pinger): Promise<RemovalTurn> {
  await opened.fill()
  let wallMs = 0
  const { maxMs } = await pinger.during(async () => {
    const startedMs = performance.now()
    await opened.remove()
    wallMs = performance.now() - startedMs
  })
  return { wallMs, pingMaxMs: maxMs }
}

function note(measured: Map<string, Measured>, name: string, turn: RemovalTurn): void {
  const all = measured.get(name) ?? { wallMs: [], pingMaxMs: [] }
  all.wallMs.push(turn.wallMs)
  all.pingMaxMs.push(turn.pingMaxMs)
  measured.set(name, all)
}

function resultOf(
  measured: ReadonlyMap<string, Measured>,
  { rounds: count, failures }: { readonly rounds: number; readonly failures: readonly Failure[] },
): StudyResult {
  const rows = [...measured].map(([name, { wallMs, pingMaxMs }]): StudyRow => {
    const spread = spreadOf(wallMs)
    const figures = [spread.median, medianOf(pingMaxMs), Math.max(...pingMaxMs)]
    return { name, figures, spread }
  })
  return {
    title: `Invalidating ${keys.length.toLocaleString('en-US')} keys among 200,000 others`,
    method: `${count} interleaved rounds; longest PING of another process meanwhile`,
    columns: ['median ms', 'longest PING ms, median', 'worst'],
    plotted: 'median ms',
    rows,
    bars: [],
    failures,
  }
}
