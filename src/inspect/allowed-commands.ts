/**
 * What tools may send to a Redis that they only look at. Nothing here writes, blocks, or
 * answers with more than it is asked for; what is not here is never sent. The rights of the
 * user `cache-doctor` are made from this list.
 */
export const allowedCommands: readonly string[] = [
  'acl|dryrun',
  'acl|list',
  'client|list',
  'client|no-touch',
  'client|setinfo',
  'client|setname',
  'cluster|info',
  'cluster|nodes',
  'cluster|slot-stats',
  'commandlog|get',
  'config|get',
  'dbsize',
  // Of our own records alone: what processes publish.
  'get',
  'getrange',
  'hlen',
  'info',
  'latency|doctor',
  'latency|histogram',
  'latency|latest',
  'llen',
  'memory|usage',
  'object|freq',
  'ping',
  'pttl',
  'pubsub|channels',
  'pubsub|numsub',
  // Of a cluster.
  'pubsub|shardchannels',
  'pubsub|shardnumsub',
  'randomkey',
  'readonly',
  'scan',
  'scard',
  'slowlog|get',
  'slowlog|len',
  'type',
  'xlen',
  'xrange',
  'zcard',
  'zrevrangebyscore',
]

/** Only where it is asked for: a session costs the server time, and is an administrator's right. */
export const hotKeysCommands: readonly string[] = [
  'hotkeys|get',
  'hotkeys|reset',
  'hotkeys|start',
  'hotkeys|stop',
]
