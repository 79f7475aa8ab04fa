/** REP01, REP02: replicas that fall behind, and a cluster that is not whole. */
import { type Check, crit, ok, rounded, type Verdict, warn } from '../check.ts'
import type { Facts } from '../facts.ts'

const lagSMax = 10
const backlogSMin = 60

const replicas: Check = {
  id: 'REP01',
  group: 'replication',
  title: 'Replication is behind or broken',
  rule:
    'master_link_status of a replica; lag and state of the replicas of a primary; and how many ' +
    'seconds of writes its backlog holds, at the rate of the window.',
  thresholds: { warn: 'lag above 10 s, or a backlog below 60 s', crit: 'the link is down' },
  source: 'redis_exporter; the bounds are ours',
  needs: ['info'],
  commands: ['INFO replication'],
  remedy: {
    text: 'Look at the network between them; a larger backlog saves full copies.',
    commands: ['CONFIG SET repl-backlog-size 64mb'],
  },
  judge: (facts) => {
    return facts.need('info').text('role') === 'slave' ? ofReplica(facts) : ofPrimary(facts)
  },
}

function ofReplica(facts: Facts): readonly Verdict[] {
  const window = facts.need('info')
  const link = window.text('master_link_status')
  const silentS = window.findNumber('master_last_io_seconds_ago') ?? 0
  const values = { link, silentS }
  if (link !== 'up') return [crit(values, { subject: 'link to the primary' })]
  return silentS > lagSMax ? [warn(values, { subject: 'link to the primary' })] : [ok(values)]
}

function ofPrimary(facts: Facts): readonly Verdict[] {
  const window = facts.need('info')
  const connected = window.last.replicas()
  const late = connected.filter(({ state, lagS }) => state !== 'online' || lagS > lagSMax)
  const verdicts = late.map(({ host, port, state, lagS }) =>
    warn({ state, lagS }, { subject: `${host}:${port}` }),
  )
  return connected.length === 0 ? verdicts : [...verdicts, ...backlog(facts)]
}

function backlog(facts: Facts): readonly Verdict[] {
  const window = facts.need('info')
  const bytesPerS = (window.findDelta('master_repl_offset') ?? 0) / window.windowS
  const size = window.findNumber('repl_backlog_size')
  if (size === undefined || bytesPerS === 0) return []
  const holdsS = rounded(size / bytesPerS, 1)
  if (holdsS >= backlogSMin) return []
  const title = 'The backlog of replication is short'
  return [warn({ holdsS, size, bytesPerS: Math.round(bytesPerS) }, { subject: 'backlog', title })]
}

const cluster: Check = {
  id: 'REP02',
  group: 'replication',
  title: 'The cluster is not whole',
  rule: 'cluster_state, and slots that fail or may have failed, of CLUSTER INFO.',
  thresholds: { crit: 'not ok, or a slot that fails' },
  source: 'redis_exporter',
  needs: ['cluster'],
  commands: ['CLUSTER INFO', 'CLUSTER NODES'],
  remedy: {
    text: 'A primary is gone and nobody took over: bring it back, or give its slots to others.',
    commands: ['CLUSTER NODES'],
  },
  judge: (facts) => {
    const fields = facts.need('cluster')
    const state = fields.get('cluster_state') ?? 'not known'
    const failing = Number(fields.get('cluster_slots_fail') ?? 0)
    const doubtful = Number(fields.get('cluster_slots_pfail') ?? 0)
    const values = { state, slotsFail: failing, slotsPfail: doubtful }
    return state === 'ok' && failing + doubtful === 0 ? ok(values) : crit(values)
  },
}

export const replicationChecks: readonly Check[] = [replicas, cluster]
