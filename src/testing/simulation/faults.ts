/** What each fault does to the world, and how it ends. */
import { SeededChance } from '../seeded-chance.ts'
import { type Blow, isOf, later } from './blow.ts'
import type { FaultName, PlannedFault } from './fault-plan.ts'
import { writeSteps } from './process.ts'
import { registerAt, registers } from './registers.ts'
import { serverChanges } from './server-changes.ts'
import { trustMs } from './settings.ts'
import type { World } from './world.ts'

/** Lets it happen now; what ends it is arranged. */
export function strike(world: World, fault: PlannedFault): void {
  if (world.isChanging && Object.hasOwn(serverChanges, fault.what)) return
  const process = world.processAt(fault.process)
  const chance = new SeededChance(fault.seed)
  blows[fault.what]({ world, fault, process, server: world.primary, chance })
}

const blows: Readonly<Record<FaultName, (blow: Blow) => void>> = {
  loseMessages(blow) {
    blow.process.lostShare = 0.4
    later(blow, () => {
      blow.process.lostShare = 0
    })
  },
  doubleMessages(blow) {
    blow.process.doubledShare = 0.4
    later(blow, () => {
      blow.process.doubledShare = 0
    })
  },
  slowNetwork: (blow) => slow(blow, [blow.process.busWeather, blow.process.commandsWeather], 12),
  slowBus: (blow) => slow(blow, [blow.process.busWeather], 30),
  closeBus: (blow) => hangUp(blow, true),
  closeCommands: (blow) => hangUp(blow, false),
  forgetBus: (blow) => forget(blow, true),
  forgetCommands: (blow) => forget(blow, false),
  cutBus: (blow) => cut(blow, [blow.process.bus]),
  cutCommands: (blow) => cut(blow, [blow.process.commands]),
  cutBoth: (blow) => cut(blow, [blow.process.bus, blow.process.commands]),
  pause,
  pauseAndCutOff(blow) {
    pause(blow)
    hangUp(blow, true)
  },
  /** It finds an echo when it goes on, but not the messages after it. */
  pauseAndCutBus(blow) {
    const { world, process, fault, chance } = blow
    pause(blow)
    const startMs = world.time.nowMs
    world.time.at(startMs + chance.between(0, trustMs / 2), () => process.bus.cut())
    world.time.at(startMs + fault.lastsMs + trustMs, () => process.bus.heal())
  },
  kill(blow) {
    const { world, fault, process, chance } = blow
    process.kill()
    // The machine may be gone too: then nobody tells the server.
    if (chance.happens(0.5)) {
      for (const server of world.servers) server.hangUp('its process died', isOf(process))
    }
    world.replace(process, fault.lastsMs)
  },
  killWriter: ({ process, chance }) => {
    process.diesAt = chance.pick(writeSteps)
  },
  leave(blow) {
    const { world, fault, process } = blow
    void process.cache?.close().then(() => process.kill())
    later(blow, () => process.kill())
    world.replace(process, fault.lastsMs)
  },
  evictSlot: ({ server, chance }) => {
    server.embedded.evict(registerAt(chance.below(registers.length)).key)
  },
  evictRecord: ({ server, chance }) => {
    server.embedded.evictRecord(chance.below(server.embedded.partitions))
  },
  evictRegistry: ({ server }) => server.embedded.evictRegistry(),
  flush: ({ server }) => server.embedded.flush(),
  ...serverChanges,
  stepWall: ({ process, chance }) => process.clock.stepWall(chance.between(-5_000, 5_000)),
  stepServerWall: ({ server, chance }) => server.clock.stepWall(chance.between(-2_000, 2_000)),
  noMemory(blow) {
    if (blow.server.state !== 'primary') return
    blow.server.state = 'noMemory'
    later(blow, () => {
      if (blow.server.state === 'noMemory') blow.server.state = 'primary'
    })
  },
}

/** Ends everything that is still going on. */
export function heal(world: World): void {
  for (const process of world.processes) {
    process.lostShare = 0
    process.doubledShare = 0
    process.busWeather.factor = 1
    process.commandsWeather.factor = 1
    process.commands.heal()
    process.bus.heal()
    if (process.clock.isPaused) process.clock.resume()
  }
  if (world.primary.state !== 'gone') world.primary.state = 'primary'
}

function hangUp({ server, process }: Blow, withBus: boolean): void {
  server.hangUp('closed by the network', isOf(process, withBus))
}

function forget({ server, process }: Blow, withBus: boolean): void {
  server.drop(isOf(process, withBus))
}

function cut(blow: Blow, routes: readonly { cut(): void; heal(): void }[]): void {
  for (const route of routes) route.cut()
  later(blow, () => {
    for (const route of routes) route.heal()
  })
}

function slow(blow: Blow, weathers: readonly { factor: number }[], factor: number): void {
  for (const weather of weathers) weather.factor = factor
  later(blow, () => {
    for (const weather of weathers) weather.factor = 1
  })
}

function pause(blow: Blow): void {
  const { process, chance } = blow
  process.clock.pause()
  later(blow, () => {
    if (process.clock.isPaused) process.clock.resume((streams) => chance.below(streams))
  })
}
