/**
 * The clock of a partition moves on, for tags or for all values (PROTOCOL 4).
 *
 * The record forgets tags that were last invalidated long ago: each call looks at a few of
 * them, so that it stays as large as a week of invalidations. What is forgotten raises the
 * floor to its clock, so that nothing it had made void becomes valid (PROTOCOL 2, pruning).
 * KEYS record, registry. ARGV the seven of an announcement (without body); new epoch; tags,
 * or none for the floor. Reply: epoch, seq, receivers, clock, and where somebody waits, who is
 * registered.
 */
import { forgottenMs, lookedAtMax, tagsMax } from '../../core/group-bounds.ts'
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
local OLD_MICROS, LOOKED_AT, TAGS_MAX = ${forgottenMs}000, ${lookedAtMax}, ${tagsMax}

-- What all values since the last clock have in common with none before it.
local function forgetAll(clock)
  local kept = redis.call('HMGET', meta, '#e', '#s', '#w', '#l')
  redis.call('UNLINK', meta)
  for at, field in ipairs({ '#e', '#s', '#w', '#l' }) do
    if kept[at] then redis.call('HSET', meta, field, kept[at]) end
  end
  redis.call('HSET', meta, '#c', clockText(clock), '#f', clockText(clock))
end

local function forgetOld(floor)
  local fields = redis.call('HRANDFIELD', meta, LOOKED_AT, 'WITHVALUES')
  local newest = floor
  for at = 1, #fields, 2 do
    local raisedAt = digits(fields[at + 1])
    if fields[at]:sub(1, 1) ~= '#' and raisedAt and nowMicros - raisedAt > OLD_MICROS then
      redis.call('HDEL', meta, fields[at])
      newest = math.max(newest, raisedAt)
    end
  end
  if newest > floor then redis.call('HSET', meta, '#f', clockText(newest)) end
end

local epoch, clock, floor = record()
if epoch == '' then epoch, clock, floor = recreate(ARGV[8]) end
if redis.call('HLEN', meta) > TAGS_MAX then forgetAll(clock) else forgetOld(floor) end
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
return { epoch, seq, receivers, raised, members }
`,
  ],
})
