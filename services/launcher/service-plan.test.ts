import { expect, it } from 'vitest'
import { environmentOf, isWanted, type PlanFacts, startOrder } from './service-plan.ts'

const facts: PlanFacts = {
  portBase: 21_000,
  redisUrl: 'redis://127.0.0.1:1',
  databaseUrl: 'postgres://127.0.0.1:2/x',
  adminToken: 'secret',
  metricsToken: 'scraper',
  botToken: undefined,
  botApiRoot: 'https://api.example',
  inherited: { PATH: '/bin', REPLAY_SPEED: '10', DATABASE_URL: 'postgres://elsewhere' },
}

it('keeps the database from the bot and the chat, even one given to the launcher', () => {
  for (const name of startOrder.flat()) {
    const expected = name === 'bot' || name === 'telegram' ? undefined : facts.databaseUrl
    expect([name, environmentOf(name, facts).DATABASE_URL]).toEqual([name, expected])
  }
})

it('tells each service its own port and where the others are', () => {
  expect(environmentOf('bot', facts)).toEqual({
    PATH: '/bin',
    REPLAY_SPEED: '10',
    LOG_LEVEL: 'warn',
    PORT: '21040',
    HOST: '127.0.0.1',
    REDIS_URL: 'redis://127.0.0.1:1',
    API_URL: 'http://127.0.0.1:21000',
    UPSTREAM_URL: 'http://127.0.0.1:21020',
    UPSTREAM_WS_URL: 'ws://127.0.0.1:21020/ws/market',
    TELEGRAM_API_ROOT: 'http://127.0.0.1:21030',
    TELEGRAM_BOT_TOKEN: '4100:local',
    ADMIN_TOKEN: 'secret',
    METRICS_TOKEN: 'scraper',
  })
})

it('uses the real Bot API and no local one when there is a real token', () => {
  const real = { ...facts, botToken: '1:real' }
  expect(isWanted('telegram', real)).toBe(false)
  expect(isWanted('telegram', facts)).toBe(true)
  expect(environmentOf('bot', real)).toMatchObject({
    TELEGRAM_BOT_TOKEN: '1:real',
    TELEGRAM_API_ROOT: 'https://api.example',
  })
})
