import { expect, it } from 'vitest'
import { scalingFigures } from './figures.ts'
import { hourMs } from './forecast.ts'
import { processOf } from './process.test-support.ts'

const mega = 2 ** 20
const nowMs = 1_700_000_000_000

it('tells each service what it has where nothing else is advised', () => {
  const processes = [processOf(), processOf(), processOf({ service: 'bot', bytesMax: 8 * mega })]
  expect(scalingFigures({ processes, history: [], nowMs })).toEqual({
    services: {
      api: { replicas: 2, replicasAdvised: 2, memoryAdvisedBytes: 64 * mega },
      bot: { replicas: 1, replicasAdvised: 1, memoryAdvisedBytes: 8 * mega },
    },
    redisMemoryAdvisedBytes: undefined,
    redisMemoryFullMs: undefined,
  })
})

it('tells what is advised instead', () => {
  const history = Array.from({ length: 24 * 60 }, (_, minute) => {
    const usedBytes = (600 + minute / 6) * mega
    return { atMs: nowMs - (24 * 60 - minute) * 60_000, usedBytes, maxBytes: 1_024 * mega }
  })
  const processes = [processOf({ processorShare: 0.9 }), processOf({ processorShare: 0.9 })]
  const figures = scalingFigures({ processes, history, nowMs })
  expect(figures.services.api?.replicasAdvised).toBe(3)
  expect(figures.redisMemoryAdvisedBytes).toBeGreaterThan(1_024 * mega)
  expect((figures.redisMemoryFullMs ?? 0) / hourMs).toBeCloseTo(8.16, 1)
})

it('advises Redis what it has where that is right', () => {
  const history = [{ atMs: nowMs, usedBytes: 500 * mega, maxBytes: 1_024 * mega }]
  const figures = scalingFigures({ processes: [], history, nowMs })
  expect(figures.redisMemoryAdvisedBytes).toBe(1_024 * mega)
  expect(figures.redisMemoryFullMs).toBeUndefined()
})
