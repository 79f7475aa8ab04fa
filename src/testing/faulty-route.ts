/**
 * The way between one process and its servers for one kind of connection. A wire is one
 * direction of one connection: what is put on it arrives in that order, after a delay. While
 * the route is cut nothing arrives; afterwards what was on its way does, as TCP sends again.
 */
import type { VirtualTime } from './virtual-time.ts'

export interface Weather {
  /** How long the next message takes. */
  delayMs(): number
}

export class FaultyRoute {
  readonly time: VirtualTime
  weather: Weather
  #isCut = false
  readonly #stuck = new Set<() => void>()

  constructor(time: VirtualTime, weather: Weather) {
    this.time = time
    this.weather = weather
  }

  get isCut(): boolean {
    return this.#isCut
  }

  cut(): void {
    this.#isCut = true
  }

  heal(): void {
    this.#isCut = false
    const stuck = [...this.#stuck]
    this.#stuck.clear()
    for (const goOn of stuck) goOn()
  }

  wire(): FaultyWire {
    return new FaultyWire(this)
  }

  /** Runs `goOn` when the route is whole again. */
  whenWhole(goOn: () => void): void {
    this.#stuck.add(goOn)
  }
}

interface Parcel {
  readonly atMs: number
  readonly arrive: () => void
}

export class FaultyWire {
  readonly #route: FaultyRoute
  readonly #line: Parcel[] = []
  #isMoving = false
  #isOver = false

  constructor(route: FaultyRoute) {
    this.#route = route
  }

  carry(arrive: () => void): void {
    if (this.#isOver) return
    const { time, weather } = this.#route
    this.#line.push({ atMs: time.nowMs + weather.delayMs(), arrive })
    this.#move()
  }

  /** Nothing arrives any more. */
  end(): void {
    this.#isOver = true
    this.#line.length = 0
  }

  #move(): void {
    const [first] = this.#line
    if (this.#isMoving || first === undefined) return
    this.#isMoving = true
    this.#route.time.at(first.atMs, this.#arrive)
  }

  readonly #arrive = (): void => {
    if (this.#isOver) return
    if (this.#route.isCut) {
      this.#route.whenWhole(this.#arrive)
      return
    }
    this.#isMoving = false
    const parcel = this.#line.shift()
    this.#move()
    parcel?.arrive()
  }
}
