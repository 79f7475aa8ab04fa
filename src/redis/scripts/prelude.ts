/**
 * Parts shared by the scripts, in Lua. The grammar of slots is that of `core/slot.ts`;
 * `embedded/` holds the same rules in TypeScript, and `redis/differential` compares both.
 *
 * A slot is a table with `kind` V, L, Q, T, U (unknown wire) or F (foreign: damaged, or
 * of another Redis type); nil is an empty slot. Times are server time: `nowMicros`, and
 * `nowMs` with fractions. Numbers up to 2^53 are exact in Lua, but print as 1.7e+15
 * unless formatted.
 */

/** The only place where a script reads the time; on a line of its own, for tests. */
export const NOW_LINE = "local time = redis.call('TIME')"

/** The time of the whole script as numbers; what only announces does without. */
export const NOW: string = `
local nowMicros = time[1] * 1000000 + time[2]
local nowMs = nowMicros / 1000
`

/** What makes texts of times, and numbers of texts; needs `nowMicros` and `nowMs`. */
export const NUMBERS: string = `
local function clockText(micros)
  return string.format('%016.0f', micros)
end

local function msText(ms)
  return string.format('%013.0f', math.floor(ms))
end

-- A whole number of at most 16 digits, else nil.
local function digits(text)
  if text and #text <= 16 and text:find('^%d+$') then return tonumber(text) end
end
`

export const TIME: string = `\n${NOW_LINE}\n${NOW}${NUMBERS}`

export const SLOT: string = `
local function isOrder(text)
  return text == '' or #text == 19
end

local function parseValue(text)
  local stamp, epoch, clock, fid, order, schema, born, soft, life, load, tags = text:match(
    '^V|1|([^|]+)|([^|]+)|(%d+)|([^|]+)|(%d*)|([^|]+)|(%d+)|(%d+)|(%d+)'
    .. '|(%d+);[^;|]*;[01];([^;|]*)|')
  if not stamp or #clock ~= 16 or #born ~= 13 or not isOrder(order) then return nil end
  if #soft > 16 or #life > 16 or #load > 16 then return nil end
  return {
    kind = 'V', stamp = stamp, epoch = epoch, clock = tonumber(clock), fid = fid, order = order,
    schema = schema, born = tonumber(born), life = tonumber(life), tags = tags,
  }
end

local function parseLease(text)
  local stamp, epoch, token, schema, minimum, deadline = text:match(
    '^L|1|([^|]+)|([^|]+)|([^|]+)|([^|]+)|(%d*)|(%d+)$')
  if not stamp or not isOrder(minimum) or #deadline ~= 13 then return nil end
  return {
    kind = 'L', stamp = stamp, epoch = epoch, token = token, schema = schema,
    minimum = minimum, deadline = tonumber(deadline),
  }
end

local function parseQuarantine(text)
  local stamp, flag, order, list = text:match('^Q|1|([^|]+)|([01])|(%d*)|([^|]+)$')
  if not stamp or not isOrder(order) then return nil end
  local writers = {}
  for writer in (list .. ','):gmatch('([^,]*),') do
    local token, deadline = writer:match('^([^:]+):(%d+)$')
    if not token or #deadline ~= 13 then return nil end
    writers[#writers + 1] = { token = token, deadline = deadline }
  end
  return { kind = 'Q', stamp = stamp, flag = flag, order = order, writers = writers }
end

local function parseFloor(text)
  local stamp, order = text:match('^T|1|([^|]+)|(%d+)$')
  if stamp and #order == 19 then return { kind = 'T', stamp = stamp, order = order } end
end

local PARSERS = { V = parseValue, L = parseLease, Q = parseQuarantine, T = parseFloor }

local function parse(text)
  local kind, wire = text:match('^([A-Z])|([0-9A-Za-z])|')
  if not kind then return nil end
  if wire ~= '1' then return { kind = 'U' } end
  local parser = PARSERS[kind]
  return parser and parser(text)
end

local function leaseText(slot)
  return table.concat({
    'L', '1', slot.stamp, slot.epoch, slot.token, slot.schema, slot.minimum, msText(slot.deadline),
  }, '|')
end

local function quarantineText(slot)
  local list = {}
  for at, writer in ipairs(slot.writers) do list[at] = writer.token .. ':' .. writer.deadline end
  return table.concat({ 'Q', '1', slot.stamp, slot.flag, slot.order, table.concat(list, ',') }, '|')
end

local function floorText(stamp, order)
  return 'T|1|' .. stamp .. '|' .. order
end

-- The life of the slot stays.
local function rewrite(key, text)
  redis.call('SET', key, text, 'KEEPTTL')
end

local function put(key, text, lifeMs)
  redis.call('SET', key, text, 'PX', string.format('%.0f', math.max(1, math.floor(lifeMs))))
end

-- Only the header of a value is read; the other kinds are whole.
local function headOf(key)
  local text = redis.pcall('GETRANGE', key, 0, 3071)
  if type(text) ~= 'table' then
    if #text == 3072 and text:sub(1, 1) ~= 'V' then return redis.call('GET', key) end
    return text
  end
  if text.err:find('WRONGTYPE', 1, true) then return 'foreign' end
  error(text.err)
end

-- A quarantine loses the writers past their deadline, which sets its flag. Without
-- writers it is the floor that it met, or nothing.
local function settle(key, slot)
  local live = {}
  for _, writer in ipairs(slot.writers) do
    if tonumber(writer.deadline) > nowMs then live[#live + 1] = writer end
  end
  if #live == #slot.writers then return slot end
  slot.flag, slot.writers = '1', live
  if #live > 0 then
    rewrite(key, quarantineText(slot))
    return slot
  end
  if slot.order == '' then
    redis.call('DEL', key)
    return nil
  end
  rewrite(key, floorText(slot.stamp, slot.order))
  return { kind = 'T', stamp = slot.stamp, order = slot.order }
end

-- What is in the slot now.
local function meet(key)
  local text = headOf(key)
  if text == '' then return nil end
  local slot = parse(text)
  if not slot then return { kind = 'F' } end
  if slot.kind == 'Q' then return settle(key, slot) end
  return slot
end

-- The order below which nothing may be stored: a floor, also one under a lease.
local function floorOf(slot)
  if not slot then return '' end
  if slot.kind == 'T' then return slot.order end
  if slot.kind == 'L' then return slot.minimum end
  return ''
end

local function higher(one, other)
  if one < other then return other end
  return one
end

-- A writer is let into a quarantine, or runs on in it; a second one sets the flag.
local function admit(slot, token, lifeMs)
  local deadline = msText(nowMs + lifeMs)
  for _, writer in ipairs(slot.writers) do
    if writer.token == token then
      writer.deadline = higher(writer.deadline, deadline)
      return
    end
  end
  if #slot.writers > 0 then slot.flag = '1' end
  slot.writers[#slot.writers + 1] = { token = token, deadline = deadline }
end

-- A lease ends: the floor under it stays.
local function giveBack(key, slot)
  if slot.minimum == '' then
    redis.call('DEL', key)
  else
    rewrite(key, floorText(slot.stamp, slot.minimum))
  end
end
`

/** Needs `meta`, the key of the partition's record. */
export const RECORD: string = `
-- epoch, clock and floor; nothing where the record is lost, incomplete or not ours.
local function record()
  local fields = redis.pcall('HMGET', meta, '#e', '#c', '#f')
  if fields.err then return '' end
  local clock, floor = digits(fields[2]), digits(fields[3])
  if not fields[1] or not clock or not floor then return '' end
  return fields[1], clock, floor
end

-- A new epoch voids everything older. What processes agreed on stays, and the last fence.
local function recreate(newEpoch)
  local kept = redis.pcall('HMGET', meta, '#w', '#l')
  local clock = clockText(nowMicros)
  redis.call('DEL', meta)
  redis.call('HSET', meta, '#e', newEpoch, '#c', clock, '#f', clock)
  if kept[1] then redis.call('HSET', meta, '#w', kept[1]) end
  if kept[2] then redis.call('HSET', meta, '#l', kept[2]) end
  return newEpoch, nowMicros, nowMicros
end
`

/** Needs `stamp`, and `epoch`, `floor` as `record` gave them. */
export const JUDGE: string = `
-- The newest clock of these tags; one that can't be read counts as newer than any.
local function newestOf(tags)
  if #tags == 0 then return 0 end
  local newest = 0
  for _, text in ipairs(redis.call('HMGET', meta, unpack(tags))) do
    if text then newest = math.max(newest, digits(text) or math.huge) end
  end
  return newest
end

local function isValid(slot)
  if slot.stamp ~= stamp or slot.epoch ~= epoch or slot.clock < floor then return false end
  if nowMs < slot.born or nowMs >= slot.born + slot.life then return false end
  local tags = {}
  for tag in slot.tags:gmatch('[^,]+') do tags[#tags + 1] = tag end
  return newestOf(tags) <= slot.clock
end

local function runs(slot)
  return slot.stamp == stamp and slot.epoch == epoch and slot.deadline > nowMs
end
`

/**
 * The first seven arguments of every script that announces: database, PUBLISH or SPUBLISH,
 * channel, origin, reason, barrier, body. Nothing here fails before the message is out. Needs
 * `meta`, the key of the partition's record, and the time.
 */
export const ANNOUNCE: string = `
local function announce(kind, body)
  local epoch, seq = redis.pcall('HGET', meta, '#e'), ''
  if type(epoch) ~= 'string' then epoch = '' end
  if epoch ~= '' then
    local counted = redis.pcall('HINCRBY', meta, '#s', 1)
    if type(counted) == 'number' then seq = string.format('%.0f', counted) end
  end
  local micros = time[1] .. ('00000' .. time[2]):sub(-6)
  return epoch, seq, redis.call(ARGV[2], ARGV[3], '1|' .. ARGV[1] .. '|' .. epoch .. '|' .. seq
    .. '|' .. kind .. '|' .. ARGV[4] .. '|' .. micros .. '|' .. ARGV[5] .. '|' .. ARGV[6]
    .. '|' .. body)
end
`

/** Needs `registry`, the key of the barrier registry, and the arguments of an announcement. */
export const REGISTERED: string = `
-- Birth nonce and unexpired members; nothing where nobody waits, so that it ends a reply. The
-- nonce is '' where the registry is lost, and where somebody has expired, which a step of the
-- clock does too.
local function registered()
  if ARGV[6] == '' then return nil end
  local birth = redis.pcall('ZRANGEBYSCORE', registry, '+inf', '+inf', 'LIMIT', 0, 1)
  if birth.err or not birth[1] then return { '' } end
  local told = redis.call('ZRANGEBYSCORE', registry, string.format('%.3f', nowMs), '(+inf')
  local expired = redis.call('ZCOUNT', registry, '-inf', string.format('(%.3f', nowMs))
  table.insert(told, 1, expired > 0 and '' or birth[1]:sub(7))
  return told
end
`
