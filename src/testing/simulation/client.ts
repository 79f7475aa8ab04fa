/**
 * What clients do, each deed as a service would: commit, then invalidate; read in every mode.
 * Everything they see goes into the history.
 */
import type { RuntimeCache } from '../../cache/index.ts'
import { isStaleproofError } from '../../core/errors.ts'
import type { GetOptions } from '../../core/handle.ts'
import type { Outcome } from '../../core/outcome.ts'
import type { Receipt } from '../../core/receipt.ts'
import type { HowInvalidated, ReadMode } from '../history/index.ts'
import { SeededChance } from '../seeded-chance.ts'
import type { DatabaseClient } from './database.ts'
import type { Deed, PlannedOperation } from './plan.ts'
import type { SimulatedProcess } from './process.ts'
import { groupOf, keysOf, membersOf, type Register, registerAt, registers } from './registers.ts'
import type { World } from './world.ts'

interface Turn {
  readonly world: World
  readonly process: SimulatedProcess
  readonly cache: RuntimeCache
  readonly operation: PlannedOperation
  readonly client: DatabaseClient
  readonly register: Register
  readonly chance: SeededChance
}

/** Rejects only with what no deed may reject with. */
export async function perform(
  world: World,
  process: SimulatedProcess,
  operation: PlannedOperation,
): Promise<void> {
  const { cache } = process
  if (cache === undefined) return
  const chance = new SeededChance(operation.seed)
  const client = { clock: process.clock, chance }
  const register = registerAt(operation.registers[0] ?? 0)
  const turn = { world, process, cache, operation, client, register, chance }
  await doers[operation.deed](turn).catch((error) => {
    if (!isStaleproofError(error, 'SP_CLOSED')) throw error
  })
}

const doers: Readonly<Record<Deed, (turn: Turn) => Promise<void>>> = {
  read: (turn) => read(turn, 'bounded', {}),
  strict: (turn) => read(turn, 'strict', { consistency: 'strict' }),
  fresh: (turn) => read(turn, 'fresh', { consistency: 'fresh' }),
  after: readAfter,
  many: readMany,
  peek,
  refresh,
  write: (turn) =>
    write(turn, [turn.register], 'key', (cache) => invalidate(cache, [turn.register])),
  writeMany: (turn) => {
    const all = turn.operation.registers.map(registerAt)
    return write(turn, all, 'key', (cache) => invalidate(cache, all))
  },
  barrier: (turn) => {
    const { register } = turn
    const call = (cache: RuntimeCache) =>
      cache.family(register.family).invalidate([register.id], { barrier: true })
    return write(turn, [register], 'key', call)
  },
  mutate: (turn) => mutate(turn, [turn.register]),
  mutateMany: (turn) => mutate(turn, turn.operation.registers.map(registerAt)),
  set,
  lowest,
  tag: (turn) => {
    const tag = groupOf(turn.register.id)
    return write(turn, membersOf(tag), 'tag', (cache) => cache.invalidateTag(tag))
  },
  family: (turn) => {
    const all = familyOf(turn)
    return write(turn, all, 'family', (cache) => cache.family(turn.register.family).clear())
  },
  everything: (turn) => write(turn, registers, 'clear', (cache) => cache.clear()),
  pattern: (turn) => {
    const call = (cache: RuntimeCache) => cache.invalidatePattern(`${turn.register.family}:*`)
    return write(turn, familyOf(turn), 'pattern', call)
  },
}

async function read(turn: Turn, mode: ReadMode, options: GetOptions): Promise<void> {
  const { world, cache, register } = turn
  const invokedMs = world.history.stamp()
  const outcome = await cache.family(register.family).lookup(register.id, options)
  world.history.read(turn.process, register.key, { mode, invokedMs, outcome: checked(outcome) })
}

async function readAfter(turn: Turn): Promise<void> {
  const { world, cache, register, chance } = turn
  const receipt = world.board.pick(register.key, chance)
  if (receipt === undefined) return read(turn, 'bounded', {})
  const invokedMs = world.history.stamp()
  const options = { after: receipt.token }
  const outcome = await cache.family(register.family).lookup(register.id, options)
  const after = receipt.version
  const asked = { mode: 'bounded', invokedMs, outcome: checked(outcome), after } as const
  world.history.read(turn.process, register.key, asked)
}

async function readMany(turn: Turn): Promise<void> {
  const { world, cache, operation, register } = turn
  const all = operation.registers.map(registerAt)
  const invokedMs = world.history.stamp()
  const outcomes = await cache.family(register.family).lookupMany(all.map(({ id }) => id))
  for (const [index, outcome] of outcomes.entries()) {
    const key = all[index]?.key ?? ''
    const asked = { mode: 'bounded', invokedMs, outcome: checked(outcome) } as const
    world.history.read(turn.process, key, asked)
  }
}

async function peek({ world, process, cache, register }: Turn): Promise<void> {
  const invokedMs = world.history.stamp()
  const value = cache.family(register.family).peek(register.id)
  if (value === undefined) return
  const outcome = { from: 'memory', why: 'peek', value } as const
  world.history.read(process, register.key, { mode: 'bounded', invokedMs, outcome })
}

async function refresh({ world, process, cache, register }: Turn): Promise<void> {
  const invokedMs = world.history.stamp()
  try {
    const value = await cache.family(register.family).refresh(register.id)
    const outcome = { from: 'source', why: 'refresh', value } as const
    world.history.read(process, register.key, { mode: 'fresh', invokedMs, outcome })
  } catch (error) {
    if (!isExpected(error)) throw error
  }
}

/** Commits new versions and says so; the receipt goes on the board for others to carry. */
async function write(
  turn: Turn,
  all: readonly Register[],
  how: HowInvalidated,
  call: (cache: RuntimeCache) => Promise<Receipt>,
): Promise<void> {
  const { world, process, client, cache } = turn
  const commit = world.history.commit(process, all)
  const versions = await world.database.commit(client, all, commit)
  await tellAll(turn, { all, versions, how }, () => call(cache))
}

async function lowest(turn: Turn): Promise<void> {
  const { world, process, client, register } = turn
  if (register.family !== 'quote') return doers.write(turn)
  const all = [register]
  const versions = await world.database.commit(client, all, world.history.commit(process, all))
  const upTo = versions[0] ?? 0
  await tellAll(turn, { all, versions, how: 'key', upTo }, () =>
    turn.cache.family(register.family).invalidate([register.id], { minVersion: upTo }),
  )
}

async function set(turn: Turn): Promise<void> {
  const { world, process, client, register, cache } = turn
  if (register.family !== 'quote') return doers.write(turn)
  const all = [register]
  const versions = await world.database.commit(client, all, world.history.commit(process, all))
  const version = versions[0] ?? 0
  const { id } = register
  await tellAll(turn, { all, versions, how: 'set', upTo: version }, async () => {
    await cache.family(register.family).set(id, { id, version })
    return undefined
  })
}

async function mutate(turn: Turn, all: readonly Register[]): Promise<void> {
  const { world, process, client, cache, chance } = turn
  const keys = all.map(({ family, id }) => cache.family(family).key(id))
  const isRolledBack = chance.happens(0.1)
  const workMs = chance.happens(0.5) ? chance.between(0, 80) : 0
  // Where quarantines are not lost, a writer that has placed its own may die at any step.
  const isProtected = world.keepsQuarantines
  const commit = world.history.commit(process, all, isProtected ? 'quarantine' : 'none')
  let invokedMs = 0
  const work = async () => {
    world.dieAt(process, 'placed')
    await world.database.work(client, workMs)
    if (isRolledBack) throw new RolledBack('the transaction was rolled back')
    const versions = await world.database.commit(client, all, (committed) => {
      commit(committed)
      world.dieAt(process, 'committed')
    })
    invokedMs = world.history.stamp()
    world.dieAt(process, 'answered')
    return versions
  }
  const whenRedisIsDown = isProtected || chance.happens(0.5) ? 'refuse' : 'run'
  const options = { receipt: true, barrier: chance.happens(0.1), whenRedisIsDown } as const
  try {
    const { value: versions, receipt } = await cache.mutate(keys, work, options)
    const isResolved = receipt.pending.length === 0
    const barrier = receipt.barrier !== undefined
    const told = { all, versions, how: 'mutate', invokedMs, isResolved, barrier } as const
    world.history.invalidated(process, told)
    world.board.pin(all, versions, receipt)
  } catch (error) {
    if (!(error instanceof RolledBack) && !isExpected(error)) throw error
  }
}

/** A write that was not. */
class RolledBack extends Error {
  override readonly name = 'RolledBack'
}

interface Told {
  readonly all: readonly Register[]
  readonly versions: readonly number[]
  readonly how: HowInvalidated
  readonly upTo?: number
}

async function tellAll(
  { world, process }: Turn,
  told: Told,
  call: () => Promise<Receipt | undefined>,
): Promise<void> {
  const invokedMs = world.history.stamp()
  try {
    const receipt = await call()
    const barrier = receipt?.barrier !== undefined
    world.history.invalidated(process, { ...told, invokedMs, isResolved: true, barrier })
    if (receipt !== undefined) world.board.pin(told.all, told.versions, receipt)
  } catch (error) {
    if (!isExpected(error)) throw error
    world.history.invalidated(process, { ...told, invokedMs, isResolved: false })
    if (isStaleproofError(error) && error.receipt !== undefined) {
      world.board.pin(told.all, told.versions, error.receipt)
    }
  }
}

function invalidate(cache: RuntimeCache, all: readonly Register[]): Promise<Receipt> {
  return cache.invalidate(all.map(({ family, id }) => cache.family(family).key(id)))
}

function familyOf({ operation }: Turn): readonly Register[] {
  return keysOf(operation.registers[0] ?? 0).map(registerAt)
}

/** An answer may be missing only where the source failed or nobody could wait. */
function checked(outcome: Outcome<unknown>): Outcome<unknown> {
  if (outcome.from === 'none' && !isExpected(outcome.error)) throw outcome.error
  return outcome
}

function isExpected(error: unknown): boolean {
  if (error instanceof Error && error.name === 'SourceFailed') return true
  return (
    isStaleproofError(error, 'SP_INVALIDATION_PENDING') ||
    isStaleproofError(error, 'SP_LOAD_TIMEOUT') ||
    isStaleproofError(error, 'SP_REDIS_DOWN') ||
    isStaleproofError(error, 'SP_CLOSED')
  )
}
