/**
 * Stores values under their leases (PROTOCOL 3.3). Keys, arguments and reply: `storing.ts`.
 * A lease whose value is refused is given back, because its holder is done.
 */
import { JUDGE, RECORD, SLOT, TIME } from './prelude.ts'
import { Script } from './script.ts'
import { STORING } from './storing.ts'

export const FILL: Script = new Script({
  name: 'fill',
  parts: [
    'local meta, stamp = KEYS[1], ARGV[1]',
    TIME,
    SLOT,
    RECORD,
    'local epoch, clock, floor = record()',
    JUDGE,
    `
local isOvertaken, lifeLeftMs

local function refusal(slot, fill)
  if not slot or slot.kind ~= 'L' or slot.token ~= fill.expected then return 'gone' end
  if slot.stamp ~= stamp or slot.epoch ~= ARGV[2] or slot.deadline <= nowMs then return 'gone' end
  if isOvertaken(fill.run) then return 'group' end
  if fill.run.order < slot.minimum then return 'older' end
  if lifeLeftMs(fill) < 1 then return 'late' end
end

local refused = giveBack
`,
    STORING,
  ],
})
