/** What can be done only to servers of our own: to their processes and between them. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { hostMs } from '../../../system.ts'
import { between } from '../chance.ts'
import { downAfterMs, following, type Node, type OwnServers } from '../own-servers.ts'
import { pause, until } from '../pause.ts'
import { type Fault, Impossible, type World } from './fault.ts'
import { losing } from './slots.ts'

/** Shorter than what a failover would follow. */
const freezeMs = { least: 300, most: downAfterMs * 0.7 }
const oldFileMs = 1_000
const tailMs = 900
const demotedMs = 2_500
const splitMs = 1_500
const promotionMsMax = 20_000
const clockStepSeconds = 90
const wrongMs = 1_500

export const ownFaults: readonly Fault[] = [
  {
    name: 'server frozen',
    run: async (world) => {
      const { primary } = await roles(world)
      primary.server.freeze()
      await pause(between(freezeMs.least, freezeMs.most))
      primary.server.resume()
    },
  },
  {
    name: 'server killed, back with an old file',
    run: (world) => losing(world, () => restartWithOldFile(world)),
  },
  {
    name: 'failover that loses its tail',
    run: (world) => losing(world, () => failOver(world)),
  },
  {
    name: 'split brain',
    run: (world) => losing(world, () => splitBrain(world)),
  },
  {
    name: 'demotion without a close',
    run: (world) => losing(world, () => demote(world)),
  },
  {
    name: 'clock of a process jumps',
    obstacle: ({ fleet }) => {
      if (fleet.hasWallClocks) return undefined
      return 'needs libfaketime ("apt-get install libfaketime")'
    },
    run: async ({ fleet }) => {
      const clock = fleet.clockOf(fleet.any())
      for (const offsetSeconds of [clockStepSeconds, -clockStepSeconds, 0]) {
        clock?.set(offsetSeconds)
        await pause(wrongMs)
      }
    },
  },
]

async function restartWithOldFile(world: World): Promise<void> {
  const { primary } = await roles(world)
  await primary.server.redis.save()
  await pause(oldFileMs)
  await primary.server.kill()
  await primary.server.start()
  rmSync(join(primary.server.folder, 'dump.rdb'), { force: true })
  await settled(world)
}

/** What the primary acknowledges while its replica hears nothing is gone with it. */
async function failOver(world: World): Promise<void> {
  const { primary, replica } = await roles(world)
  primary.door.mode('all', { toServer: 'pass', toClient: 'hold' })
  await pause(tailMs)
  await primary.server.kill()
  primary.door.cut('all')
  primary.door.mode('all', 'pass')
  await promoted(world, replica)
  await primary.server.start(following(replica))
  await settled(world)
}

/** The old primary is still reached by its clients, but not by its replica and its Sentinel. */
async function splitBrain(world: World): Promise<void> {
  const { primary, replica } = await roles(world)
  const invokedMs = hostMs()
  primary.door.mode('all', 'blackhole')
  try {
    await promoted(world, replica)
    await pause(splitMs)
  } finally {
    primary.door.cut('all')
    primary.door.mode('all', 'pass')
  }
  await primary.server.redis.replicaof('127.0.0.1', replica.door.port)
  await settled(world)
  await world.fleet.isWell()
  world.write({ kind: 'split', process: '', key: '', invokedMs, returnedMs: hostMs() })
}

/** Roles change while every connection stays open and nobody is told. */
async function demote(world: World): Promise<void> {
  const { primary, replica } = await roles(world)
  await replica.server.redis.replicaof('NO', 'ONE')
  await primary.server.redis.replicaof('127.0.0.1', replica.door.port)
  await pause(demotedMs)
  await primary.server.redis.replicaof('NO', 'ONE')
  await replica.server.redis.replicaof('127.0.0.1', primary.door.port)
  await settled(world)
}

function roles(world: World): ReturnType<OwnServers['roles']> {
  return own(world).roles()
}

async function promoted(world: World, node: Node): Promise<void> {
  const isPromoted = async () => (await roles(world)).primary === node
  if (await until(isPromoted, promotionMsMax)) return
  throw new Impossible(`Sentinel promoted nobody within ${promotionMsMax} ms`)
}

/** The next fault finds a primary with a replica. */
async function settled(world: World): Promise<void> {
  if (await own(world).inStep()) return
  throw new Error('the replica did not follow the primary in time')
}

function own({ servers }: World): OwnServers {
  if (servers !== undefined) return servers
  throw new Impossible('needs servers of its own (--self)')
}
