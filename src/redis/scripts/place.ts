/**
 * Slots are quarantined before a write (PROTOCOL 3.5): what was there goes, a floor is kept
 * in the quarantine, and nothing is stored until its writers have released it or died.
 * KEYS record, slots. ARGV the seven of an announcement; stamp, quarantineMs; per slot its
 * token. Reply: epoch, seq, receivers.
 */
import { ANNOUNCE, SLOT, TIME } from './prelude.ts'
import { Script } from './script.ts'

export const PLACE: Script = new Script({
  name: 'place',
  parts: [
    'local meta, stamp, quarantineMs = KEYS[1], ARGV[8], tonumber(ARGV[9])',
    TIME,
    SLOT,
    ANNOUNCE,
    `
local function place(key, slot, token)
  local heldMs, placed = 0, slot
  if not slot or slot.kind ~= 'Q' then
    placed = { stamp = stamp, flag = '0', order = floorOf(slot), writers = {} }
  end
  if placed == slot or placed.order ~= '' then heldMs = redis.call('PTTL', key) end
  admit(placed, token, quarantineMs)
  put(key, quarantineText(placed), math.max(heldMs, quarantineMs))
end

for at = 2, #KEYS do place(KEYS[at], meet(KEYS[at]), ARGV[at + 8]) end
local epoch, seq, receivers = announce('K', ARGV[7])
return { epoch, seq, receivers }
`,
  ],
})
