/**
 * Values and leases go, floors and quarantines stay (PROTOCOL 3.4, 13). Nothing that needs
 * memory or can fail stands in front of the deletes and the message.
 * KEYS record, slots. ARGV the six of an announcement; stamp; per slot order, keeps the
 * order (1 or 0), floorMs. Reply: epoch, seq, receivers.
 */
import { ANNOUNCE, JUDGE, RECORD, SLOT, TIME } from './prelude.ts'
import { Script } from './script.ts'

export const INVALIDATE: Script = new Script({
  name: 'invalidate',
  allowsOom: true,
  parts: [
    'local meta, stamp = KEYS[1], ARGV[7]',
    TIME,
    SLOT,
    RECORD,
    ANNOUNCE,
    'local epoch, clock, floor',
    JUDGE,
    `
-- An order is kept for the longer of its old and its new time.
local function keep(key, slot, text, ask)
  if ask.order == '' and not ask.keepsOrder then return rewrite(key, text) end
  local heldMs = 0
  if floorOf(slot) ~= '' or slot and slot.kind == 'Q' then heldMs = redis.call('PTTL', key) end
  put(key, text, math.max(heldMs, ask.floorMs))
end

local function quarantined(key, slot, ask)
  slot.flag, slot.order = '1', higher(slot.order, ask.order)
  if slot.order == '' then return rewrite(key, quarantineText(slot)) end
  keep(key, slot, quarantineText(slot), ask)
end

-- The record is read only for a value that may stay.
local function isCurrent(slot)
  epoch, clock, floor = record()
  return isValid(slot)
end

local function invalidate(key, slot, ask)
  local order = higher(floorOf(slot), ask.order)
  if slot and slot.kind == 'Q' then return quarantined(key, slot, ask) end
  if slot and slot.kind == 'V' then
    if ask.order ~= '' and slot.order >= ask.order and isCurrent(slot) then return end
    if ask.keepsOrder then order = higher(slot.order, order) end
  end
  if order ~= '' then return keep(key, slot, floorText(stamp, order), ask) end
  redis.call('DEL', key)
end

for at = 2, #KEYS do
  invalidate(KEYS[at], meet(KEYS[at]), {
    order = ARGV[at * 3 + 2],
    keepsOrder = ARGV[at * 3 + 3] == '1',
    floorMs = tonumber(ARGV[at * 3 + 4]),
  })
end
return { announce('K', ARGV[6]) }
`,
  ],
})
