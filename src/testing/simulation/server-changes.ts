/**
 * Changes of the server as a whole: it restarts, or another one takes its place. One at a time,
 * as a quorum would have it; what the promise does not cover meanwhile goes into the history.
 */
import { type Blow, isOf, later } from './blow.ts'
import { boundMs, replicationLagMsMax, trustMs } from './settings.ts'

type ServerChange =
  | 'restart'
  | 'restartEmpty'
  | 'restartOld'
  | 'failover'
  | 'split'
  | 'strand'
  | 'demote'
  | 'takeOver'

export const serverChanges: Readonly<Record<ServerChange, (blow: Blow) => void>> = {
  restart: (blow) => restart(blow, 'same'),
  restartEmpty: (blow) => restart(blow, 'none'),
  restartOld: (blow) => restart(blow, 'old'),
  failover,
  split,
  strand,
  demote,
  takeOver,
}

/** Down for a while, then back at the same address. */
function restart(blow: Blow, data: 'same' | 'old' | 'none'): void {
  const { world, server } = blow
  world.isChanging = true
  const file = data === 'old' ? world.newEmbedded(server.clock, server.embedded) : undefined
  const fall = () => {
    server.hangUp('the server has stopped')
    server.state = 'gone'
    later(
      blow,
      () => {
        const kept = data === 'same' ? server.embedded : file
        server.become(world.newEmbedded(server.clock, kept))
        server.state = 'primary'
        world.isChanging = false
      },
      0.4,
    )
  }
  later(blow, fall, data === 'old' ? 0.6 : 0)
}

/** The replica falls behind, then the primary is lost and the replica takes its place. */
function failover(blow: Blow): void {
  const { world, server, chance } = blow
  world.isChanging = true
  const replica = world.newEmbedded(server.clock, server.embedded)
  later(
    blow,
    () => {
      if (chance.happens(0.5)) server.hangUp('the server has stopped')
      server.vanish()
      world.time.at(world.time.nowMs + chance.between(0, 400), () => {
        world.promote(replica)
        world.isChanging = false
      })
    },
    0.3,
  )
}

/**
 * The replica takes over while the primary still has clients. That one refuses writes when it
 * has been without its replica for the allowed lag, and learns at the end that it is none.
 */
function split(blow: Blow): void {
  const { world, server, chance } = blow
  world.isChanging = true
  const replica = world.newEmbedded(server.clock, server.embedded)
  const startMs = world.time.nowMs
  const movedMs = startMs + chance.between(0, replicationLagMsMax)
  const endMs = movedMs + chance.between(100, 1_500)
  world.time.at(startMs + replicationLagMsMax, () => {
    if (server.state === 'primary') server.state = 'isolated'
  })
  world.time.at(movedMs, () => {
    world.promote(replica)
    for (const [place, process] of world.processes.entries()) {
      if (chance.happens(0.5)) server.hangUp('moved to the new primary', isOf(process))
      else world.lead(place, server)
    }
  })
  world.time.at(endMs, () => {
    for (const place of world.processes.keys()) world.lead(place, undefined)
    server.state = 'replica'
    world.isChanging = false
    if (chance.happens(0.5)) {
      server.hangUp('no primary any more')
      return
    }
    server.become(world.primary.embedded)
    world.history.split(endMs, endMs + 2 * trustMs, 'unnoticed')
  })
  world.history.split(startMs, endMs + 3 * trustMs + 1_000, 'noticed')
}

/**
 * The primary refuses writes, for want of its replica, before that takes over; some clients
 * stay behind with it. What they read there counts only while their proof still runs.
 */
function strand(blow: Blow): void {
  const { world, server, chance } = blow
  world.isChanging = true
  const replica = world.newEmbedded(server.clock, server.embedded)
  const startMs = world.time.nowMs
  server.state = 'isolated'
  world.time.at(startMs + chance.between(0, 300), () => {
    world.promote(replica)
    for (const [place, process] of world.processes.entries()) {
      if (chance.happens(0.5)) server.hangUp('moved to the new primary', isOf(process))
      else world.lead(place, server)
    }
  })
  world.time.at(startMs + trustMs + chance.between(500, 2_000), () => {
    for (const place of world.processes.keys()) world.lead(place, undefined)
    server.state = 'replica'
    server.hangUp('no primary any more')
    world.isChanging = false
  })
  world.history.split(startMs, startMs + boundMs, 'noticed')
}

/** The primary becomes a replica of another without closing a connection. */
function demote(blow: Blow): void {
  const { world, server } = blow
  world.isChanging = true
  const replica = world.newEmbedded(server.clock, server.embedded)
  const startMs = world.time.nowMs
  later(
    blow,
    () => {
      world.isChanging = false
      const primary = world.promote(replica)
      server.state = 'replica'
      server.become(primary.embedded)
      world.history.split(startMs, world.time.nowMs + 2 * trustMs, 'unnoticed')
    },
    0.1,
  )
}

/** Behind a proxy another server answers, with what its replication had brought. */
function takeOver(blow: Blow): void {
  const { world, server } = blow
  const replica = world.newEmbedded(server.clock, server.embedded)
  world.isChanging = true
  const startMs = world.time.nowMs
  later(
    blow,
    () => {
      world.isChanging = false
      server.become(replica)
      world.history.split(startMs, world.time.nowMs + 2 * trustMs, 'unnoticed')
    },
    0.1,
  )
}
