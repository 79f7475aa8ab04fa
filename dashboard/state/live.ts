/**
 * One stream of events for the whole page, by `fetch`, so that it goes where requests go. It
 * ends while the page is hidden or paused, comes back with growing pauses after a failure, and
 * while it can't be had the same is asked for by ordinary requests.
 *
 * It never shows less than there was without saying so: every event has a number, and
 * `received + dropped` is the number of the last one.
 */
import { effect, signal } from '@preact/signals'
import type { InvalidationsAnswer, OverviewAnswer, StreamEvent } from 'staleproof/ops'
import { addressOf, get, ProblemError, problemOf } from '../api/client.ts'
import { EventParser } from '../api/event-parser.ts'
import { addInvalidations, addKept, forgetInvalidations, newestSeq } from './invalidations.ts'
import { isPaused, isRunning } from './pace.ts'
import { endIfRefused, session } from './session.ts'

export type LiveState = 'connecting' | 'live' | 'polling' | 'paused'
export type Transition = Extract<StreamEvent, { type: 'state' }>

const silenceMs = 30_000
const pauseFirstMs = 500
const pauseMax = 15_000
const pollMs = 5_000
const failuresBeforePolling = 2
const transitionsMax = 100
/** Two minutes of a number every two seconds: the small lines beside live figures. */
const trailMax = 60

export const liveState = signal<LiveState>('connecting')
export const overview = signal<OverviewAnswer | undefined>(undefined)
export const trail = signal<readonly OverviewAnswer[]>([])
export const transitions = signal<readonly Transition[]>([])
export const received = signal(0)
export const dropped = signal(0)

/** Of another reader, perhaps. */
export function forgetLive(): void {
  overview.value = undefined
  trail.value = []
  transitions.value = []
  forgetInvalidations()
}

/** Runs whenever somebody is signed in and looks; call once. */
export function startLive(): void {
  effect(() => {
    if (session.value.state !== 'in') return
    if (!isRunning.value) {
      if (isPaused.value) liveState.value = 'paused'
      return
    }
    const ending = new AbortController()
    void follow(ending.signal)
    return () => ending.abort()
  })
}

async function follow(ending: AbortSignal): Promise<void> {
  let failures = 0
  while (!ending.aborted) {
    liveState.value = failures < failuresBeforePolling ? 'connecting' : 'polling'
    try {
      await readStream(ending, () => {
        failures = 0
      })
    } catch (error) {
      if (endIfRefused(error)) return
    }
    if (ending.aborted) return
    failures += 1
    const pauseMs = Math.min(pauseFirstMs * 2 ** failures, pauseMax) * (0.5 + Math.random() / 2)
    if (failures < failuresBeforePolling) await pause(pauseMs, ending)
    else await poll(pauseMs, ending)
  }
}

/** Ends when the stream does, or has been silent for too long. */
async function readStream(ending: AbortSignal, onOpen: () => void): Promise<void> {
  const over = new AbortController()
  const end = (): void => over.abort()
  const signalOfBoth = AbortSignal.any([ending, over.signal])
  let watch = setTimeout(end, silenceMs)
  try {
    const headers = { accept: 'text/event-stream' }
    const response = await fetch(addressOf('stream'), { headers, signal: signalOfBoth })
    if (!response.ok) throw new ProblemError(problemOf(response, await response.text()))
    if (response.body === null) throw new Error('a stream without a body')
    onOpen()
    liveState.value = 'live'
    const parser = new EventParser()
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      clearTimeout(watch)
      watch = setTimeout(end, silenceMs)
      for (const event of parser.push(part.value)) show(JSON.parse(event.data))
    }
  } finally {
    clearTimeout(watch)
    // Whatever ended it: the next one is not to stand beside it.
    end()
  }
}

function show(event: StreamEvent): void {
  if (event.type === 'dropped') {
    dropped.value += event.count
    void catchUp()
    return
  }
  received.value += 1
  switch (event.type) {
    case 'hello':
      void catchUp()
      break
    case 'overview':
      showOverview(event.overview)
      break
    case 'invalidation':
      addInvalidations([event.invalidation])
      break
    case 'state':
      transitions.value = [event, ...transitions.value].slice(0, transitionsMax)
      break
  }
}

function showOverview(next: OverviewAnswer): void {
  overview.value = next
  trail.value = [...trail.value, next].slice(-trailMax)
}

let isCatchingUp = false
let isBehind = false

/**
 * What was invalidated while nobody looked or listened, as far as the service has kept it. One
 * question at a time, however often it is too much; what was missed meanwhile is another one.
 */
async function catchUp(): Promise<void> {
  isBehind = true
  if (isCatchingUp) return
  isCatchingUp = true
  while (isBehind) {
    isBehind = false
    try {
      const askedAt = newestSeq()
      addKept(await get<InvalidationsAnswer>('invalidations'), askedAt)
    } catch (error) {
      endIfRefused(error)
    }
  }
  isCatchingUp = false
}

/** Asks instead of listening, until it is time to try to listen again. */
async function poll(forMs: number, ending: AbortSignal): Promise<void> {
  const untilMs = performance.now() + forMs
  do {
    try {
      showOverview(await get<OverviewAnswer>('overview'))
      await catchUp()
    } catch (error) {
      if (endIfRefused(error)) return
    }
    await pause(Math.min(pollMs, forMs), ending)
  } while (performance.now() < untilMs && !ending.aborted)
}

function pause(ms: number, ending: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms)
    ending.addEventListener('abort', done)
    function done(): void {
      clearTimeout(timer)
      ending.removeEventListener('abort', done)
      resolve()
    }
  })
}
