import { describe, expect, test } from 'vitest'
import { Flight, type FlightPlan, Flights, type Landed, type Rider } from './flights.ts'

const anyone = () => true

const flightOf = (plan: Partial<FlightPlan> = {}) =>
  new Flight({
    key: 'user:7',
    partition: 0,
    mode: 'bounded',
    generation: 1,
    startedMs: 0,
    ...plan,
  })

const landed: Landed = { value: 1, bornMs: 0, ttl: undefined, from: 'source', why: 'absent' }

class Recorder implements Rider {
  readonly told: unknown[] = []

  landed(one: Landed): void {
    this.told.push(one)
  }

  failed(error: unknown): void {
    this.told.push(error)
  }
}

describe('finding a flight to join', () => {
  test('gives the newest that may be joined', () => {
    const flights = new Flights()
    const first = flights.register(flightOf())
    const second = flights.register(flightOf())
    expect(flights.find('user:7', anyone)).toBe(second)
    expect(flights.find('user:7', (flight) => flight === first)).toBe(first)
  })

  test('leaves out those of other keys', () => {
    const flights = new Flights()
    flights.register(flightOf({ key: 'user:8' }))
    expect(flights.find('user:7', anyone)).toBeUndefined()
  })

  test('never gives one that was doomed', () => {
    const flights = new Flights()
    const flight = flights.register(flightOf())
    flights.doom('user:7')
    expect(flight.isDoomed).toBe(true)
    expect(flights.find('user:7', anyone)).toBeUndefined()
  })

  test('gives one that began after the doom of an earlier one', () => {
    const flights = new Flights()
    flights.register(flightOf())
    flights.doom('user:7')
    const later = flights.register(flightOf())
    expect(later.isDoomed).toBe(false)
    expect(flights.find('user:7', anyone)).toBe(later)
  })

  test('never gives one that its last waiter has left: it is about to be given up', () => {
    const flights = new Flights()
    const flight = flights.register(flightOf())
    flight.join()
    flight.join()
    flight.leave()
    expect(flights.find('user:7', anyone)).toBe(flight)
    flight.leave()
    expect(flights.find('user:7', anyone)).toBeUndefined()
  })

  test('never gives one that has ended', () => {
    const flights = new Flights()
    flights.end(flights.register(flightOf()))
    expect(flights.find('user:7', anyone)).toBeUndefined()
  })
})

describe('an invalidation', () => {
  test('of a key dooms all its flights and no others', () => {
    const flights = new Flights()
    const doomed = [flights.register(flightOf()), flights.register(flightOf())]
    const other = flights.register(flightOf({ key: 'user:8' }))
    flights.doom('user:7')
    expect(doomed.map((flight) => flight.isDoomed)).toEqual([true, true])
    expect(other.isDoomed).toBe(false)
  })

  test('reaches a flight until it has ended', () => {
    const flights = new Flights()
    const flight = flights.register(flightOf())
    flight.land(landed)
    flights.doom('user:7')
    expect(flight.isDoomed).toBe(true)
  })

  test('of a group ends joining in its partition; memory may still keep the values', () => {
    const flights = new Flights()
    const here = flights.register(flightOf())
    const elsewhere = flights.register(flightOf({ key: 'user:8', partition: 1 }))
    flights.closePartition(0)
    expect([here.isClosed, here.isDoomed]).toEqual([true, false])
    expect(elsewhere.isClosed).toBe(false)
    expect(flights.find('user:7', anyone)).toBeUndefined()
    expect(flights.find('user:8', anyone)).toBe(elsewhere)
  })

  test('of what a pattern matches dooms all their flights and no others', () => {
    const flights = new Flights()
    const matching = ['user:7', 'user:7', 'user:8'].map((key) =>
      flights.register(flightOf({ key })),
    )
    const other = flights.register(flightOf({ key: 'item:7', partition: 1 }))
    flights.doomMatching((key) => key.startsWith('user:'))
    expect(matching.map((flight) => flight.isDoomed)).toEqual([true, true, true])
    expect([other.isDoomed, other.isClosed]).toEqual([false, false])
  })

  test('that may have been missed dooms all flights of the partition', () => {
    const flights = new Flights()
    const here = [flights.register(flightOf()), flights.register(flightOf({ key: 'user:9' }))]
    const elsewhere = flights.register(flightOf({ key: 'user:8', partition: 1 }))
    flights.doomPartition(0)
    expect(here.map((flight) => flight.isDoomed)).toEqual([true, true])
    expect(elsewhere.isDoomed).toBe(false)
  })
})

describe('a set with an order', () => {
  test('raises what a running load may keep, and never lowers it', () => {
    const flights = new Flights()
    const flight = flights.register(flightOf())
    flights.raiseMinimum('user:7', '0000000000000000005')
    flights.raiseMinimum('user:7', '0000000000000000003')
    expect(flight.minimum).toBe('0000000000000000005')
  })

  test('ends joining, because the load may bring something older', () => {
    const flights = new Flights()
    flights.register(flightOf())
    flights.raiseMinimum('user:7', '0000000000000000005')
    expect(flights.find('user:7', anyone)).toBeUndefined()
  })
})

describe('the registry', () => {
  test('counts what is under way and forgets what has ended, once', () => {
    const flights = new Flights()
    const [first, second] = [flights.register(flightOf()), flights.register(flightOf())]
    const other = flights.register(flightOf({ key: 'user:8' }))
    expect(flights.count).toBe(3)
    flights.end(first)
    flights.end(first)
    expect(flights.count).toBe(2)
    flights.doom('user:7')
    expect([second.isDoomed, other.isDoomed]).toEqual([true, false])
    flights.end(second)
    flights.end(other)
    expect(flights.count).toBe(0)
  })
})

test('a flight that has ended may not be kept: no invalidation reaches it any more', () => {
  const flights = new Flights()
  const flight = flights.register(flightOf())
  flights.end(flight)
  expect(flight.isDoomed).toBe(true)
})

describe('a flight', () => {
  test('gathers until its source is asked', () => {
    const flight = flightOf()
    expect([flight.isGathering, flight.isLoading]).toEqual([true, false])
    flight.begin()
    expect([flight.isGathering, flight.isLoading]).toEqual([false, true])
  })

  test('tells when its last waiter has left, not before', () => {
    const flight = flightOf()
    let abandoned = 0
    flight.leaving = { abandoned: () => abandoned++ }
    flight.join()
    flight.join()
    flight.leave()
    expect([abandoned, flight.isAbandoned]).toEqual([0, false])
    flight.leave()
    expect([abandoned, flight.isAbandoned]).toEqual([1, true])
  })

  test('tells all its riders the same value, late ones at once', () => {
    const flight = flightOf()
    const riders = [new Recorder(), new Recorder(), new Recorder()] as const
    flight.tell(riders[0])
    flight.tell(riders[1])
    expect(flight.hasLanded).toBe(false)
    flight.land(landed)
    flight.tell(riders[2])
    expect(flight.hasLanded).toBe(true)
    for (const { told } of riders) expect(told).toEqual([landed])
    expect(riders[2].told[0]).toBe(landed)
  })

  test('tells all its riders the same error, and ends only once', () => {
    const flight = flightOf()
    const riders = [new Recorder(), new Recorder()] as const
    const failure = new Error('the source is down')
    flight.tell(riders[0])
    flight.crash(failure)
    flight.land(landed)
    flight.crash(new Error('another'))
    flight.tell(riders[1])
    for (const { told } of riders) expect(told[0]).toBe(failure)
    expect(riders.map(({ told }) => told.length)).toEqual([1, 1])
    expect([flight.landed, flight.failure]).toEqual([undefined, failure])
  })
})
