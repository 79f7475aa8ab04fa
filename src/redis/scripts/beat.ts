/**
 * A process shows that it lives, and is shown which server answers (PROTOCOL 3.6).
 * KEYS beat (also the private channel), record, registry. ARGV nonce, trustMs, settings,
 * registryMs, process, database, PUBLISH or SPUBLISH, '1' on a process's first beat.
 * Reply: run id, replication id, epoch, seq, settings, birth nonce, server µs.
 *
 * Registry: member `trustMs|process` until its score (server ms), and `birth|nonce` for ever.
 * A process without memory, or one that closes, is none of its members (registryMs 0).
 */
import { TIME } from './prelude.ts'
import { Script } from './script.ts'

export const BEAT: Script = new Script({
  name: 'beat',
  parts: [
    TIME,
    `
local channel, meta, registry = KEYS[1], KEYS[2], KEYS[3]
local nonce, trustMs, settings = ARGV[1], tonumber(ARGV[2]), ARGV[3]
redis.call('SET', channel, nonce, 'PX', string.format('%.0f', math.max(1, math.floor(2 * trustMs))))

-- A registry that isn't ours is begun anew, which its birth nonce shows; so is one of which
-- somebody has expired: he may have died, or the clock has stepped and he lives.
local function register(member, forMs)
  local pruned = redis.pcall('ZREMRANGEBYSCORE', registry, '-inf', string.format('(%.3f', nowMs))
  if type(pruned) ~= 'number' then redis.call('DEL', registry) end
  if forMs > 0 then
    redis.call('ZADD', registry, string.format('%.0f', math.floor(nowMs + forMs)), member)
  else
    redis.call('ZREM', registry, member)
  end
  local found = redis.call('ZRANGEBYSCORE', registry, '+inf', '+inf', 'LIMIT', 0, 1)[1]
  if found and type(pruned) == 'number' and pruned > 0 then
    redis.call('ZREM', registry, found)
    found = nil
  end
  if not found then
    found = 'birth|' .. nonce
    redis.call('ZADD', registry, '+inf', found)
  end
  return found:sub(7)
end
local birth = register(ARGV[2] .. '|' .. ARGV[5], tonumber(ARGV[4]))

-- The settings of the process with the higher wire version stand, then those of the newer process.
local function settle(found)
  local wire, ours = found and tonumber(found:match('^(%d+)|')), tonumber(settings:match('^(%d+)|'))
  if wire and (wire > ours or (wire == ours and ARGV[8] ~= '1')) then return found end
  redis.call('HSET', meta, '#w', settings)
  return settings
end

local fields = redis.pcall('HMGET', meta, '#e', '#s', '#w')
if fields.err then
  redis.call('DEL', meta)
  fields = {}
end
local agreed = settle(fields[3])
local epoch, seq = fields[1] or '', ''
if epoch ~= '' and not fields[2] then seq = '0' end
if epoch ~= '' and digits(fields[2]) then seq = fields[2] end

local info = redis.call('INFO', 'server', 'replication')
local runId, replId = info:match('run_id:(%w+)'), info:match('master_replid:(%w+)')
-- As in the handshake: what came back from another server of the cluster is void.
if ARGV[7] == 'SPUBLISH' then
  replId = replId .. '@' .. redis.call('CLUSTER', 'INFO'):match('cluster_my_epoch:(%d+)')
end
redis.call(ARGV[7], channel, table.concat({ '1', ARGV[6], epoch, seq, 'E', nonce, runId }, '|'))
return { runId, replId, epoch, seq, agreed, birth, clockText(nowMicros) }
`,
  ],
})
