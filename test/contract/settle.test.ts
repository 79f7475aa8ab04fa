import { defineCatalog, family, shape } from 'staleproof'
import { expect, it } from 'vitest'
import { eventually } from '../servers/eventually.ts'
import { describeCache } from './caches.ts'

const options = { value: shape<number>(), ttl: '30s' } as const
const catalog = defineCatalog('settle', {
  /** Loaded from the same replica; one knows that it lags, the other does not. */
  patient: family('patient:{name}', { ...options, settle: '600ms' }),
  hasty: family('hasty:{name}', options),
})

const lagMs = 300

/** What is written is read from it only after a while. */
class LaggingReplica {
  #value = 1
  #writtenMs = Number.NEGATIVE_INFINITY

  write(value: number): void {
    this.#value = value
    this.#writtenMs = performance.now()
  }

  readonly load = async (): Promise<number> => {
    return performance.now() - this.#writtenMs < lagMs ? this.#value - 1 : this.#value
  }
}

describeCache('a family whose source lags', (open) => {
  const openTwo = async () => {
    const replica = new LaggingReplica()
    const sources = { patient: replica.load, hasty: replica.load }
    const [writer, reader] = [await open(catalog, { sources }), await open(catalog, { sources })]
    return { replica, writer, reader }
  }
  type Two = Awaited<ReturnType<typeof openTwo>>

  /** Reads until well after the source has caught up; what is kept then, is kept for good. */
  const readOn = async ({ reader, writer }: Two, name: 'patient' | 'hasty') => {
    const untilMs = performance.now() + 3 * lagMs
    await eventually('the source has caught up long ago', async () => {
      await reader[name].get('a')
      return performance.now() > untilMs
    })
    return [await reader[name].get('a'), await writer[name].get('a')]
  }

  it('has nothing in any tier that was loaded while it may have lagged', async () => {
    const two = await openTwo()
    two.replica.write(2)
    await two.writer.patient.invalidate('a')
    const early = await two.reader.patient.lookup('a')
    expect(early).toMatchObject({ from: 'source', why: 'quarantined', value: 1 })
    expect(await readOn(two, 'patient')).toEqual([2, 2])
  })

  it('would keep what was old if it did not settle', async () => {
    const two = await openTwo()
    two.replica.write(2)
    await two.writer.hasty.invalidate('a')
    expect(await two.reader.hasty.lookup('a')).toMatchObject({ from: 'source', value: 1 })
    expect(await readOn(two, 'hasty')).toEqual([1, 1])
  })

  it('settles after a pattern too, also for keys that had no slot', async () => {
    const two = await openTwo()
    const { writer, replica } = two
    await writer.patient.get('another')
    await eventually('the record of groups is older than the family settles', async () => {
      return (await writer.patient.lookup('another')).from === 'memory'
    })
    replica.write(2)
    await writer.invalidatePattern('patient:a*')
    expect(await readOn(two, 'patient')).toEqual([2, 2])
  })

  it('settles after a mutate too', async () => {
    const two = await openTwo()
    const { writer, replica } = two
    await writer.mutate([writer.patient.key('a')], () => replica.write(2), { receipt: true })
    expect(await two.reader.patient.get('a')).toBe(1)
    expect(await readOn(two, 'patient')).toEqual([2, 2])
  })

  it('settles after an invalidation of its group too', async () => {
    const two = await openTwo()
    two.replica.write(2)
    await two.writer.patient.clear()
    expect(await two.reader.patient.get('a')).toBe(1)
    expect(await readOn(two, 'patient')).toEqual([2, 2])
  })

  it('would keep what was old after an invalidation of its group', async () => {
    const two = await openTwo()
    two.replica.write(2)
    await two.writer.hasty.clear()
    expect(await two.reader.hasty.get('a')).toBe(1)
    expect(await readOn(two, 'hasty')).toEqual([1, 1])
  })

  it('is cached again when it has settled', async () => {
    const two = await openTwo()
    await two.writer.patient.invalidate('a')
    await readOn(two, 'patient')
    await eventually('memory has it', async () => {
      return (await two.reader.patient.lookup('a')).from === 'memory'
    })
  })
})

it('a family that is only set has no source to wait for', () => {
  const order = (value: number) => value
  const declare = () => family('set:{name}', { ...options, order, setOnly: true, settle: '1s' })
  expect(declare).toThrow(expect.objectContaining({ code: 'SP_OPTION_INVALID' }))
})
