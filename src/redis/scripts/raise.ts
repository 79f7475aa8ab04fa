/**
 * The clock of a partition moves on, for tags or for all values (PROTOCOL 4).
 * KEYS record, registry. ARGV the seven of an announcement (without body); new epoch; tags,
 * or none for the floor. Reply: epoch, seq, receivers, registered, clock.
 */
import { ANNOUNCE, RECORD, REGISTERED, TIME } from './prelude.ts'
import { Script } from './script.ts'

export const RAISE: Script = new Script({
  name: 'raise',
  allowsOom: true,
  parts: [
    'local meta, registry = KEYS[1], KEYS[2]',
    TIME,
    RECORD,
    ANNOUNCE,
    REGISTERED,
    `
local epoch, clock = record()
if epoch == '' then epoch, clock = recreate(ARGV[8]) end
local raised = clockText(math.max(nowMicros, clock + 1))
local tags = {}
for at = 9, #ARGV do
  tags[#tags + 1] = ARGV[at]
  redis.call('HSET', meta, ARGV[at], raised)
end
redis.call('HSET', meta, '#c', raised)
local seq, receivers
local members = registered()
if #tags > 0 then
  epoch, seq, receivers = announce('T', raised .. ';' .. table.concat(tags, ','))
else
  redis.call('HSET', meta, '#f', raised)
  epoch, seq, receivers = announce('F', raised)
end
return { epoch, seq, receivers, members, raised }
`,
  ],
})
