/**
 * The frame of `fill` and `replace` (PROTOCOL 3.3).
 * KEYS record, slots, then for each staged text its key, in the order of their slots.
 * ARGV stamp, epoch, clock, number of slots; per slot expected, order, lifeMs, bornMs,
 * elapsedMs, text ('' where it is staged), number of tags, tags.
 * Reply: a verdict for each slot.
 */

/** `refusal(slot, fill)` says why not, `refused(key, slot)` what becomes of the slot then. */
export const STORING: string = `
local asked, granted = ARGV[2], tonumber(ARGV[3])

-- Was a group invalidated since the clock that was granted?
function isOvertaken(fill)
  return epoch ~= asked or floor > granted or newestOf(fill.tags) > granted
end

-- What is left of the life that began at the grant, by either clock.
function lifeLeftMs(fill)
  return math.floor(fill.lifeMs - math.max(nowMs - fill.bornMs, fill.elapsedMs))
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

local reply, at, slots = {}, 5, tonumber(ARGV[4])
local stagedAt = slots + 2
for n = 1, slots do
  local fill = {
    expected = ARGV[at], order = ARGV[at + 1], lifeMs = tonumber(ARGV[at + 2]),
    bornMs = tonumber(ARGV[at + 3]), elapsedMs = tonumber(ARGV[at + 4]), text = ARGV[at + 5],
    tags = {},
  }
  for tag = 1, tonumber(ARGV[at + 6]) do fill.tags[tag] = ARGV[at + 6 + tag] end
  at = at + 7 + #fill.tags
  if fill.text == '' then fill.staged, stagedAt = KEYS[stagedAt], stagedAt + 1 end
  reply[n] = judge(KEYS[n + 1], fill)
end
return reply
`
