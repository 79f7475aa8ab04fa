/**
 * A value with an order, from a writer (PROTOCOL 13, versioned set).
 * KEYS record, slot. ARGV the seven of an announcement; stamp, new epoch, fid, order, schema,
 * lifeMs, tail, may fill empty (1 or 0), tags. Reply: why, epoch, seq.
 */
import { ANNOUNCE, JUDGE, RECORD, SLOT, TIME } from './prelude.ts'
import { Script } from './script.ts'

export const SET: Script = new Script({
  name: 'set',
  parts: [
    'local meta, key, stamp = KEYS[1], KEYS[2], ARGV[8]',
    'local fid, order, schema, lifeMs = ARGV[10], ARGV[11], ARGV[12], tonumber(ARGV[13])',
    'local tail, mayFillEmpty = ARGV[14], ARGV[15] == "1"',
    TIME,
    SLOT,
    RECORD,
    ANNOUNCE,
    `
local epoch, clock, floor = record()
if epoch == '' and mayFillEmpty then epoch, clock, floor = recreate(ARGV[9]) end
`,
    JUDGE,
    `
local function store(clockOfValue)
  put(key, table.concat({
    'V', '1', stamp, epoch, clockText(clockOfValue), fid, order, schema, msText(nowMs), tail,
  }, '|'), lifeMs)
  return 'stored'
end

-- Cases 6 and 7. An empty slot proves nothing about invalidations.
local function setEmpty(slot)
  local held = floorOf(slot)
  if mayFillEmpty and held < order then return store(clock) end
  if held ~= '' and held < order then rewrite(key, floorText(stamp, order)) end
  return 'notHeld'
end

-- Cases 1 to 3.
local function setValue(slot)
  if slot.schema == schema and slot.order ~= '' then
    if order <= slot.order then
      return slot.fid == fid and slot.order == order and 'again' or 'older'
    end
    local tags = {}
    for at = 16, #ARGV do tags[#tags + 1] = ARGV[at] end
    if newestOf(tags) <= slot.clock then return store(slot.clock) end
  end
  redis.call('DEL', key)
  return setEmpty(nil)
end

local function set(slot)
  if not slot then return setEmpty(slot) end
  if slot.kind == 'U' then return 'notHeld' end
  if slot.kind == 'Q' then
    slot.flag = '1'
    rewrite(key, quarantineText(slot))
    return 'quarantined'
  end
  if slot.kind == 'L' and runs(slot) then
    slot.minimum = higher(slot.minimum, order)
    rewrite(key, leaseText(slot))
    return 'notHeld'
  end
  if slot.kind == 'V' then
    if isValid(slot) then return setValue(slot) end
    -- One born in the future is void only until the server's clock has caught up with it.
    redis.call('DEL', key)
    return setEmpty(nil)
  end
  return setEmpty(slot)
end

local why = set(meet(key))
if why == 'again' then return { 'stored', '', '' } end
-- Told also where the slot is as new: a refresh may have stored it, which tells nobody.
local epochNow, seq = announce('S', ARGV[7])
return { why, epochNow, seq }
`,
  ],
})
