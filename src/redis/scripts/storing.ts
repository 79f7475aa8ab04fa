/**
 * The frame of `fill` and `replace` (PROTOCOL 3.3).
 * KEYS record, slots, then for each staged text its key, in the order of their slots.
 * ARGV stamp, epoch, clock, number of slots; per run of slots what they have in common: how many
 * they are, order, bornMs, elapsedMs, number of tags, tags; per slot of it expected, lifeMs, text
 * ('' where it is staged). Mostly there is one run, and each argument costs both sides.
 * Reply: a verdict for each slot.
 */

/** `refusal(slot, fill)` says why not, `refused(key, slot)` what becomes of the slot then. */
export const STORING: string = `
local asked, granted = ARGV[2], tonumber(ARGV[3])

-- Was a group invalidated since the clock that was granted?
function isOvertaken(run)
  if epoch ~= asked or floor > granted then return true end
  run.newest = run.newest or newestOf(run.tags)
  return run.newest > granted
end

-- What is left of the life that began at the grant, by either clock.
function lifeLeftMs(fill)
  return math.floor(fill.lifeMs - math.max(nowMs - fill.run.bornMs, fill.run.elapsedMs))
end

local function store(key, fill)
  if fill.text ~= '' then
    put(key, fill.text, lifeLeftMs(fill))
    return true
  end
  if redis.pcall('RENAME', fill.staged, key).err then return false end
  redis.call('PEXPIRE', key, string.format('%.0f', lifeLeftMs(fill)))
  return true
end

local function judge(key, fill)
  local slot = meet(key)
  local why = refusal(slot, fill)
  if not why and store(key, fill) then return 'stored' end
  if fill.staged then redis.call('DEL', fill.staged) end
  if why ~= 'gone' then refused(key, slot) end
  return why or 'gone'
end

-- The run whose part of the arguments begins there, and where its slots begin.
local function runAt(at)
  local run = {
    slots = tonumber(ARGV[at]), order = ARGV[at + 1], bornMs = tonumber(ARGV[at + 2]),
    elapsedMs = tonumber(ARGV[at + 3]), tags = {},
  }
  for tag = 1, tonumber(ARGV[at + 4]) do run.tags[tag] = ARGV[at + 4 + tag] end
  return run, at + 5 + #run.tags
end

local reply, at, stagedAt = {}, 5, tonumber(ARGV[4]) + 2
while at <= #ARGV do
  local run
  run, at = runAt(at)
  for _ = 1, run.slots do
    local fill = {
      run = run, expected = ARGV[at], lifeMs = tonumber(ARGV[at + 1]), text = ARGV[at + 2],
    }
    at = at + 3
    if fill.text == '' then fill.staged, stagedAt = KEYS[stagedAt], stagedAt + 1 end
    reply[#reply + 1] = judge(KEYS[#reply + 2], fill)
  end
end
return reply
`
