/**
 * Leases run on (PROTOCOL 3.2, lease life). KEYS slots. ARGV leaseMs; per slot its token.
 * Reply: 1 where the lease was still running, else 0.
 */
import { SLOT, TIME } from './prelude.ts'
import { Script } from './script.ts'

export const RENEW: Script = new Script({
  name: 'renew',
  parts: [
    TIME,
    SLOT,
    `
local leaseMs, reply = tonumber(ARGV[1]), {}

local function renew(key, token)
  local slot = meet(key)
  if not slot or slot.kind ~= 'L' or slot.token ~= token then return 0 end
  if slot.deadline <= nowMs then return 0 end
  slot.deadline = nowMs + leaseMs
  local lifeMs = leaseMs
  if slot.minimum ~= '' then lifeMs = math.max(leaseMs, redis.call('PTTL', key)) end
  put(key, leaseText(slot), lifeMs)
  return 1
end

for at, key in ipairs(KEYS) do reply[at] = renew(key, ARGV[at + 1]) end
return reply
`,
  ],
})
