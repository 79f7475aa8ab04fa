/**
 * Locks, each a key with `token|fence` until its expiry. A fence is higher than every one
 * before it, also when the key was evicted and when the clock of the server went back: the
 * last one is kept in the record.
 * KEYS record, lock. ARGV token, ttlMs. Reply: `granted` and the fence, or `taken` and the
 * milliseconds that are left.
 */
import { SLOT, TIME } from './prelude.ts'
import { Script } from './script.ts'

export const LOCK: Script = new Script({
  name: 'lock',
  parts: [
    TIME,
    SLOT,
    `
local meta, key, token, ttlMs = KEYS[1], KEYS[2], ARGV[1], tonumber(ARGV[2])

-- A record that isn't ours is no record.
local function nextFence()
  local last = redis.pcall('HGET', meta, '#l')
  if type(last) == 'table' then redis.call('DEL', meta) end
  local fence = clockText(math.max(nowMicros, (type(last) == 'string' and digits(last) or 0) + 1))
  redis.call('HSET', meta, '#l', fence)
  return fence
end

local held = redis.call('GET', key)
local holder, fence
if held then holder, fence = held:match('^([^|]+)|(%d+)$') end
if held and holder ~= token then return { 'taken', math.max(0, redis.call('PTTL', key)) } end
fence = fence or nextFence()
put(key, token .. '|' .. fence, ttlMs)
return { 'granted', fence }
`,
  ],
})

/** KEYS lock. ARGV token. Reply: 1 where the token held it, else 0. */
export const UNLOCK: Script = new Script({
  name: 'unlock',
  allowsOom: true,
  parts: [
    `
local held = redis.call('GET', KEYS[1])
if not held or held:match('^([^|]+)|%d+$') ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
`,
  ],
})
