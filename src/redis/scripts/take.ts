/**
 * Tokens from buckets, by the rule of `core/token-bucket.ts`. A bucket is a key with the
 * microsecond at which it is full; it expires then, and a key that isn't ours is a full one.
 * A key that is lost gives a full bucket, so at most one burst too many.
 * KEYS a bucket for each ask, also twice. ARGV for each: intervalMicros, capacityMicros,
 * waitMicros, count. Reply: for each `granted` and the milliseconds until it may be used, or
 * `refused` and those until it need not wait; then the tokens left.
 */
import { takeWaitMsMax } from '../../core/token-bucket.ts'
import { TIME } from './prelude.ts'
import { Script } from './script.ts'

export const TAKE: Script = new Script({
  name: 'take',
  parts: [
    TIME,
    `
local LATEST_MICROS = ${takeWaitMsMax * 1_000}

local function fullAt(key)
  local held = redis.pcall('GET', key)
  return type(held) == 'string' and digits(held) or nowMicros
end

local function takeFrom(key, interval, capacity, wait, count)
  local latest = nowMicros + capacity + LATEST_MICROS
  local held = fullAt(key)
  local full = math.min(math.max(held, nowMicros), latest)
  local next = full + count * interval
  local over = next - nowMicros - capacity
  local granted = over <= wait
  local after = granted and next or full
  -- One whose clock was put back is corrected also where nothing is taken.
  if granted or held > latest then
    local lifeMs = string.format('%.0f', math.ceil((after - nowMicros) / 1000))
    redis.call('SET', key, clockText(after), 'PX', lifeMs)
  end
  local spare = math.max(0, nowMicros + capacity - after)
  return {
    granted and 'granted' or 'refused',
    math.max(0, math.ceil(over / 1000)),
    math.floor(spare / interval),
  }
end

local replies = {}
for at, key in ipairs(KEYS) do
  local from = at * 4 - 3
  replies[at] = takeFrom(key, tonumber(ARGV[from]), tonumber(ARGV[from + 1]),
    tonumber(ARGV[from + 2]), tonumber(ARGV[from + 3]))
end
return replies
`,
  ],
})
