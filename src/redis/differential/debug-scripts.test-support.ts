/** The scripts as the harness runs them, and its own two that look and that move time. */
import { NOW_LINE, type Script } from '../scripts/index.ts'

/** A textual change of one script on Redis, to see that it is noticed. */
export interface Mutation {
  readonly script: string
  readonly from: string
  readonly to: string
}

export const SLOT = '{diff:0}:k:'
export const LOCK = '{diff:0}:l:'
export const BUCKET = '{diff:0}:q:'
export const META = '{diff:0}:m'
export const REGISTRY = '{diff:0}:b'
export const NOW_KEY = 'now'
const DEBUG_NOW_LINE = `local time = (function()
  local t = redis.call('GET', '${NOW_KEY}')
  return { t:sub(1, 10), t:sub(11) }
end)()`

/** A life for each key, then all texts, the record and the registry in one. */
export const OBSERVE = `
local out, lives = {}, {}
for _, key in ipairs(KEYS) do
  local text = redis.pcall('GET', key)
  if type(text) == 'table' then text = '(foreign)' end
  out[#out + 1] = text or '(absent)'
  lives[#lives + 1] = redis.call('PTTL', key)
end
local fields = redis.pcall('HGETALL', '${META}')
if fields.err then
  out[#out + 1] = '(foreign)'
else
  local list = {}
  for at = 1, #fields, 2 do list[#list + 1] = fields[at] .. '=' .. fields[at + 1] end
  table.sort(list)
  out[#out + 1] = table.concat(list, ' ')
end
out[#out + 1] = table.concat(redis.call('ZRANGE', '${REGISTRY}', 0, -1, 'WITHSCORES'), ' ')
lives[#lives + 1] = table.concat(out, '\\n')
return lives
`
/** ARGV: how far, then 1 for each key that has expired by then. */
export const ADVANCE = `
for at, key in ipairs(KEYS) do
  local leftMs = redis.call('PTTL', key)
  local goneByMs = leftMs - tonumber(ARGV[1])
  if ARGV[at + 1] == '1' then
    if leftMs == -2 or goneByMs > 1000 then return key .. ' lives ' .. goneByMs end
    redis.call('DEL', key)
  elseif leftMs ~= -2 then
    if goneByMs <= 0 then return key .. ' is gone for ' .. goneByMs end
    redis.call('PEXPIRE', key, goneByMs)
  end
end
return 'agreed'
`

/** With time from a key, and with the mistake if it is of this script. */
export function debugText(script: Script, mutation: Mutation | undefined): string {
  const text = script.text.replace(NOW_LINE, DEBUG_NOW_LINE)
  if (mutation?.script !== script.name) return text
  if (!text.includes(mutation.from)) throw new Error(`${script.name}: no ${mutation.from}`)
  return text.replace(mutation.from, mutation.to)
}
