/**
 * Stores values over the ones that were seen (refresh, PROTOCOL 3.2). Keys, arguments and
 * reply: `storing.ts`. A refused value leaves the slot as it is.
 */
import { JUDGE, RECORD, SLOT, TIME } from './prelude.ts'
import { Script } from './script.ts'
import { STORING } from './storing.ts'

export const REPLACE: Script = new Script({
  name: 'replace',
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
  if not slot or slot.kind ~= 'V' or slot.fid ~= fill.expected then return 'gone' end
  if slot.stamp ~= stamp or slot.epoch ~= ARGV[2] then return 'gone' end
  if isOvertaken(fill.run) then return 'group' end
  if fill.run.order < slot.order then return 'older' end
  if lifeLeftMs(fill) < 1 then return 'late' end
end

local function refused() end
`,
    STORING,
  ],
})
