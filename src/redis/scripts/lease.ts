/**
 * The right to fill slots (PROTOCOL 3.2), or what stands in the way of it.
 * KEYS record, slots. ARGV stamp, new epoch, leaseMs; per run of slots how many they are, schema,
 * void fid; per slot of it its token.
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
local at, n = 4, 1
while at <= #ARGV do
  local slots, schema, voidFid = tonumber(ARGV[at]), ARGV[at + 1], ARGV[at + 2]
  for tokenAt = at + 3, at + 2 + slots do
    n = n + 1
    local key, slot = KEYS[n], meet(KEYS[n])
    reply[n + 2] = slot and obstacle(key, slot, schema, voidFid)
      or grant(key, slot, ARGV[tokenAt], schema)
  end
  at = at + 3 + slots
end
return reply
`,
  ],
})
