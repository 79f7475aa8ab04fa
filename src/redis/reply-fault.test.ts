import { describe, expect, test } from 'vitest'
import { StoreFault } from '../core/contracts/store.ts'
import { incarnationOf, isReplicated, LOST_TAIL_MS, lostTailMsOf } from './handshake.ts'
import { isRedirection, replyFault } from './reply-fault.ts'

function reply(message: string): Error {
  const error = new Error(message)
  error.name = 'ReplyError'
  return error
}

describe('an error reply', () => {
  test.each([
    "READONLY You can't write against a read only replica. script: abc, on @user_script:1.",
    'LOADING Redis is loading the dataset in memory',
    "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
    'CLUSTERDOWN The cluster is down',
    'ERR Error running script (call to f_1): @user_script:3: -READONLY You can not write',
  ])('is refused and ends proof: %s', (message) => {
    const fault = replyFault(reply(message))
    expect(fault).toMatchObject({ endsProof: true, error: { kind: 'refused' } })
  })

  test.each([
    'NOREPLICAS Not enough good replicas to write.',
    "OOM command not allowed when used memory > 'maxmemory'.",
    'NOAUTH Authentication required.',
    'WRONGPASS invalid username-password pair or user is disabled.',
    "NOPERM this user has no permissions to run the 'get' command",
    'MOVED 3999 127.0.0.1:6381',
    'ASK 3999 127.0.0.1:6381',
    'TRYAGAIN Multiple keys request during rehashing of slot',
    'ERR unknown command',
    'READONLYISH is another word',
  ])('is refused on a connection that stays: %s', (message) => {
    const fault = replyFault(reply(message))
    expect(fault).toMatchObject({ endsProof: false, error: { kind: 'refused' } })
  })

  test.each(['NOSCRIPT No matching script.', 'WRONGTYPE Operation against a key'])(
    'is handed to the store as it is: %s',
    (message) => {
      const error = reply(message)
      expect(replyFault(error)).toEqual({ error, endsProof: false })
      expect(error).not.toBeInstanceOf(StoreFault)
    },
  )

  test('is not what a broken connection gives', () => {
    expect(replyFault(new Error('Connection is closed.'))).toBeUndefined()
  })
})

describe('a redirection', () => {
  const refused = (message: string) => replyFault(reply(message))?.error

  test.each(['MOVED 1 a:1', 'ASK 1 a:1', 'TRYAGAIN Multiple keys request'])('is %s', (message) =>
    expect(isRedirection(refused(message))).toBe(true),
  )

  test('is nothing else that a server refuses, and no fault of a connection', () => {
    expect(isRedirection(refused('READONLY You cannot'))).toBe(false)
    expect(isRedirection(new StoreFault('down', 'MOVED 1 a:1'))).toBe(false)
    expect(isRedirection(new Error('MOVED 1 a:1'))).toBe(false)
  })
})

describe('the handshake', () => {
  const info = [
    '# Server',
    `run_id:${'a'.repeat(40)}`,
    '# Replication',
    'role:master',
    `master_replid:${'b'.repeat(40)}`,
    `master_replid2:${'0'.repeat(40)}`,
    '# Persistence',
    'loading:0',
  ].join('\r\n')

  test('takes run id and a stamp of eight characters from a primary', () => {
    const incarnation = incarnationOf(info)
    expect(incarnation.runId).toBe('a'.repeat(40))
    expect(incarnation.stamp).toMatch(/^[\w-]{8}$/)
  })

  test('gives another stamp to another replication id', () => {
    const other = info.replace('master_replid:bb', 'master_replid:cb')
    expect(incarnationOf(other).stamp).not.toBe(incarnationOf(info).stamp)
  })

  test.each([
    ['role:master', 'role:slave', /primary.*slave/],
    ['loading:0', 'loading:1', /loading/],
    ['run_id:', 'no_id:', /run_id/],
  ])('refuses a server where %s reads %s', (from, to, reason) => {
    expect(() => incarnationOf(info.replace(from, to))).toThrow(reason)
  })

  test('knows a server that another one may take over from, or that has taken over', () => {
    expect(isReplicated(`${info}\r\nconnected_slaves:0`)).toBe(false)
    expect(isReplicated(`${info}\r\nconnected_slaves:1`)).toBe(true)
    expect(isReplicated(info.replace('master_replid2:00', 'master_replid2:a0'))).toBe(true)
  })

  test.each([
    [['min-replicas-to-write', '1', 'min-replicas-max-lag', '10'], 10_000],
    [['min-replicas-max-lag', '3', 'min-replicas-to-write', '2'], 3000],
    [['min-replicas-to-write', '0', 'min-replicas-max-lag', '10'], LOST_TAIL_MS],
    [['min-replicas-to-write', '1', 'min-replicas-max-lag', '0'], LOST_TAIL_MS],
    [[], LOST_TAIL_MS],
    [undefined, LOST_TAIL_MS],
  ])('reads %j as a tail of %i ms that a failover may lose', (settings, lostTailMs) => {
    expect(lostTailMsOf(settings)).toBe(lostTailMs)
  })
})
