/**
 * The right to fill slots (PROTOCOL 3.2), or what stands in the way of it.
 * KEYS record, slots. ARGV stamp, new epoch, leaseMs; per slot token, schema, void fid.
 * Reply: epoch, clock, server µs; per slot a word, or a list of a word and what it tells.
 */
import { JUDGE, RECORD, SLOT, TIME } from './prelude.ts'
import { Script } from './script.ts'

export const LEASE: Script = new Script({
  name: 'lease',
  parts: [
    'local meta, stamp, leaseMs = KEYS[1], ARGV[1], tonumber(ARGV[3])',
    TIME,
    SLOT,
    RECORD,
    `
local epoch, clock, floor = record()
if epoch == '' then epoch, clock, floor = recreate(ARGV[2]) end
`,
    JUDGE,
    `
-- A younger value of another family version stays, so that builds don't chase each other.
local OTHER_VERSION_MS = 10000

local function obstacle(key, slot, schema, voidFid)
  if slot.kind == 'U' then return 'unknownWire' end
  if slot.kind == 'Q' then return 'quarantined' end
  if slot.kind == 'L' and runs(slot) then
    return slot.schema == schema and 'busy' or 'otherVersion'
  end
  if slot.kind ~= 'V' or slot.fid == voidFid or not isValid(slot) then return nil end
  if slot.schema == schema then return { 'value', redis.call('GET', key) } end
  if nowMs - slot.born <= OTHER_VERSION_MS then return 'otherVersion' end
end

local REPLACED = { V = 'void', F = 'foreign' }

-- Over a floor the slot lives as long as the floor would have.
local function grant(key, slot, token, schema)
  local minimum, lifeMs = floorOf(slot), leaseMs
  if minimum ~= '' then lifeMs = math.max(leaseMs, redis.call('PTTL', key)) end
  put(key, leaseText({
    stamp = stamp, epoch = epoch, token = token, schema = schema,
    minimum = minimum, deadline = nowMs + leaseMs,
  }), lifeMs)
  local replaced = slot and REPLACED[slot.kind]
  -- Of many misses nearly every reply is the plain word.
  if minimum == '' and not replaced then return 'granted' end
  return { 'granted', minimum, replaced or 'nothing' }
end

local reply = { epoch, clockText(clock), clockText(nowMicros) }
for at = 2, #KEYS do
  local key, slot = KEYS[at], meet(KEYS[at])
  local token, schema, voidFid = ARGV[at * 3 - 2], ARGV[at * 3 - 1], ARGV[at * 3]
  reply[at + 2] = slot and obstacle(key, slot, schema, voidFid) or grant(key, slot, token, schema)
end
return reply
`,
  ],
})
