import type { ClientRow } from '../../inspect/index.ts'
import type { GivenFacts } from '../facts.test-support.ts'
import { connectionChecks } from './connections.ts'
import { describeChecks } from './fixture.test-support.ts'

const connected = (clients: number, rejected = 0): GivenFacts => ({
  info: { connected_clients: clients, maxclients: 100, rejected_connections: rejected },
  before: { rejected_connections: 0 },
})

const clients = (count: number, given: (at: number) => Partial<ClientRow>): GivenFacts => ({
  clients: Array.from({ length: count }, (_, at) => ({ name: `api${at}`, ...given(at) })),
})

const opened = (count: number): GivenFacts => ({
  info: { total_connections_received: count },
  before: { total_connections_received: 0 },
})

const cut = (count: number, before: number): GivenFacts => ({
  info: {
    client_output_buffer_limit_disconnections: count,
    client_query_buffer_limit_disconnections: 0,
  },
  before: { client_output_buffer_limit_disconnections: before },
})

describeChecks(connectionChecks, [
  {
    id: 'CON01',
    fires: [
      ['above 80 %', 'warn', connected(85)],
      ['above 90 %', 'crit', connected(95)],
      ['refused', 'crit', connected(10, 1)],
      [
        'the limit is only configured',
        'warn',
        { info: { connected_clients: 85 }, config: { maxclients: '100' } },
      ],
      ['the limit is not known', 'unknown', { info: { connected_clients: 85 } }],
    ],
    silent: [['below', connected(50)]],
  },
  {
    id: 'CON02',
    fires: [
      ['many of one', 'warn api at 127.0.0.1', clients(21, () => ({ name: 'api' }))],
      ['unnamed', 'warn unnamed', clients(5, (at) => (at > 3 ? { name: '' } : {}))],
      ['idle', 'warn idle', clients(5, (at) => ({ idleS: at > 1 ? 4_000 : 0 }))],
    ],
    silent: [
      ['named and in use', clients(8, () => ({}))],
      ['two connections in all', clients(2, () => ({ name: '' }))],
      ['subscribers wait', clients(6, () => ({ idleS: 4_000, subscriptions: 1 }))],
      ['this tool', clients(6, () => ({ name: 'cache-doctor:1', idleS: 0 }))],
      ['replicas', clients(6, () => ({ name: '', flags: 'S' }))],
    ],
  },
  {
    id: 'CON03',
    fires: [['twenty a second', 'warn', opened(200)]],
    silent: [['two a second', opened(20)]],
  },
  {
    id: 'CON04',
    fires: [
      ['now', 'warn', cut(1, 0)],
      ['before', 'info', cut(1, 1)],
      ['not told by old servers', 'skipped', { info: { blocked_clients: 0 } }],
    ],
    silent: [['never', cut(0, 0)]],
  },
])
