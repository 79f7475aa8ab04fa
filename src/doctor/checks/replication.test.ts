import type { GivenFacts } from '../facts.test-support.ts'
import { describeChecks } from './fixture.test-support.ts'
import { replicationChecks } from './replication.ts'

const replica = (link: string, silentS: number): GivenFacts => ({
  info: { role: 'slave', master_link_status: link, master_last_io_seconds_ago: silentS },
})

const primary = (lagS: number, written = 0, state = 'online'): GivenFacts => ({
  info: {
    role: 'master',
    slave0: `ip=10.0.0.2,port=6379,state=${state},offset=1,lag=${lagS}`,
    repl_backlog_size: 1_000_000,
    master_repl_offset: written,
  },
  before: { master_repl_offset: 0 },
})

const cluster = (fields: Readonly<Record<string, string>>): GivenFacts => ({
  more: { cluster: new Map(Object.entries(fields)) },
})

describeChecks(replicationChecks, [
  {
    id: 'REP01',
    fires: [
      ['the link is down', 'crit link to the primary', replica('down', 1)],
      ['the primary is silent', 'warn link to the primary', replica('up', 20)],
      ['a replica lags', 'warn 10.0.0.2:6379', primary(20)],
      ['a replica copies', 'warn 10.0.0.2:6379', primary(0, 0, 'wait_bgsave')],
      ['a short backlog', 'warn backlog', primary(0, 1_000_000)],
    ],
    silent: [
      ['a replica that follows', replica('up', 1)],
      ['replicas that follow', primary(1, 10_000)],
      ['nobody follows', { info: { role: 'master', repl_backlog_size: 1 } }],
    ],
  },
  {
    id: 'REP02',
    fires: [
      ['not ok', 'crit', cluster({ cluster_state: 'fail' })],
      ['a slot fails', 'crit', cluster({ cluster_state: 'ok', cluster_slots_fail: '1' })],
    ],
    silent: [['whole', cluster({ cluster_state: 'ok', cluster_slots_fail: '0' })]],
  },
])
