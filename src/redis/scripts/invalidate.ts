/**
 * Values and leases go, floors and quarantines stay (PROTOCOL 3.4, 13). A writer's release
 * is an invalidation that takes its quarantine along. Nothing that needs memory or can fail
 * stands in front of the deletes and the message.
 * KEYS record, registry, slots. ARGV the seven of an announcement; stamp; nothing where all
 * slots are plain, else per slot "plain", or order, keeps the order (1 or 0), floorMs, settling
 * token or '', settleMs, number of released tokens, tokens. Reply: epoch, seq, receivers,
 * and where somebody waits, who is registered.
 */
import { ANNOUNCE, JUDGE, NOW, NOW_LINE, NUMBERS, RECORD, REGISTERED, SLOT } from './prelude.ts'
import { Script } from './script.ts'

export const INVALIDATE: Script = new Script({
  name: 'invalidate',
  allowsOom: true,
  parts: [
    'local meta, registry, stamp = KEYS[1], KEYS[2], ARGV[8]',
    NOW_LINE,
    ANNOUNCE,
    `
local areAllPlain = #ARGV == 8
local function isPlain(at)
  return areAllPlain or ARGV[at] == 'plain'
end

-- What only some slots need is made when one of them is met: making functions costs more
-- than emptying a slot.
local function ordinary()
`,
    NOW,
    NUMBERS,
    SLOT,
    RECORD,
    'local epoch, clock, floor',
    JUDGE,
    `
-- An order is kept for the longer of its old and its new time, as is a quarantine.
local function keep(key, slot, order, text, ask)
  local isHeld = floorOf(slot) ~= '' or slot and slot.kind == 'Q'
  local hasFloor = order ~= '' and (ask.order ~= '' or ask.keepsOrder)
  if isHeld and not hasFloor and ask.settling == '' then return rewrite(key, text) end
  local heldMs = isHeld and redis.call('PTTL', key) or 0
  put(key, text, math.max(heldMs, hasFloor and ask.floorMs or 0, ask.settleMs))
end

local function leave(key, slot, left, ask)
  if ask.settling ~= '' then admit(left, ask.settling, ask.settleMs) end
  if #left.writers > 0 then return keep(key, slot, left.order, quarantineText(left), ask) end
  if left.order ~= '' then
    return keep(key, slot, left.order, floorText(left.stamp, left.order), ask)
  end
  redis.call('UNLINK', key)
end

-- Own writers go. Who has none here is a stranger to the others, who are shown that.
local function quarantined(key, slot, ask)
  local others = {}
  for _, writer in ipairs(slot.writers) do
    if not ask.released[writer.token] then others[#others + 1] = writer end
  end
  leave(key, slot, {
    stamp = slot.stamp, flag = #others == #slot.writers and '1' or slot.flag,
    order = higher(slot.order, ask.order), writers = others,
  }, ask)
end

-- The record is read only for a value that may stay.
local function isCurrent(slot)
  epoch, clock, floor = record()
  return isValid(slot)
end

local function invalidate(key, slot, ask)
  if slot and slot.kind == 'Q' then return quarantined(key, slot, ask) end
  local order = higher(floorOf(slot), ask.order)
  if slot and slot.kind == 'V' then
    if ask.order ~= '' and slot.order >= ask.order and isCurrent(slot) then return end
    if ask.keepsOrder then order = higher(slot.order, order) end
  end
  leave(key, slot, { stamp = stamp, flag = '0', order = order, writers = {} }, ask)
end

-- What is asked of the slot stands from there on in the arguments; where the next one's is.
local function nextAsk(at)
  if isPlain(at) then
    return at + 1, {
      order = '', keepsOrder = false, floorMs = 0, settling = '', settleMs = 0, released = {},
    }
  end
  local ask = {
    order = ARGV[at], keepsOrder = ARGV[at + 1] == '1', floorMs = tonumber(ARGV[at + 2]),
    settling = ARGV[at + 3], settleMs = tonumber(ARGV[at + 4]), released = {},
  }
  local last = at + 5 + tonumber(ARGV[at + 5])
  for token = at + 6, last do ask.released[ARGV[token]] = true end
  return last + 1, ask
end

-- Where nothing can be written in its place, a value goes all the same.
return function(key, at)
  local after, ask = nextAsk(at)
  local slot = meet(key)
  local forbids = slot and (slot.kind == 'Q' or slot.kind == 'T')
  if not pcall(invalidate, key, slot, ask) and not forbids then redis.call('UNLINK', key) end
  return after
end
end

-- What is neither lease nor quarantine nor floor just goes if that is all that is asked,
-- without a look at the rest of it: that takes a third of the time, and most keys are such.
-- Where more is asked the slot is met as one of those.
local at, safely = 9, nil
for n = 3, #KEYS do
  local kind = isPlain(at) and redis.pcall('GETRANGE', KEYS[n], 0, 0) or 'T'
  if kind == 'L' or kind == 'Q' or kind == 'T' then
    safely = safely or ordinary()
    at = safely(KEYS[n], at)
  else
    redis.call('UNLINK', KEYS[n])
    at = at + 1
  end
end
local members
if ARGV[6] ~= '' then
`,
    NOW,
    REGISTERED,
    `
  members = registered()
end
local epochNow, seq, receivers = announce('K', ARGV[7])
return { epochNow, seq, receivers, members }
`,
  ],
})
