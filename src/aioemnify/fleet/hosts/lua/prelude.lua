-- Stands before every script of a journal: Redis's own clock in microseconds, who is there, and its claims.
-- KEYS[1] is the hash of facts. All other keys of the job have its name and the id of the job before their last
-- word: what is left of a job that was removed or has expired is never part of a new one of the same name.
-- ARGV: the id of the job, the worker, and the last step that the worker knows of with the fences of its claims.
-- The state of an item is one byte: its state, 8 if it was sent before, 16 if it was applied twice.
local WAITING, SENT, OK, FAILED, UNKNOWN, SKIPPED, CLAIMED, VOID = 0, 1, 2, 3, 4, 5, 6, 7
local TRIED, DOUBLED = 8, 16
local base = string.sub(KEYS[1], 1, -6) .. ARGV[1] .. ':'
local function key(name) return base .. name end
local function text(number) return string.format('%.0f', number) end
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local facts = redis.call('HMGET', KEYS[1], 'id', 'seen', 'lease', 'keep', 'step')
if not facts[1] or facts[1] ~= ARGV[1] then return {'gone'} end
-- Every script is a step, and is answered with its number: who knows a later one knows what Redis has lost.
local known, fences = string.match(ARGV[3], '^(%d+) ?(.*)$')
local step = tonumber(facts[5] or '0') + 1
if step <= tonumber(known) then return {'back'} end
local lease, keep_ms = tonumber(facts[3]), tonumber(facts[4])
local passed = now - tonumber(facts[2])
if passed < 0 or passed > lease / 2 then
  -- The clock was set, or nobody was there: a lease of before says nothing, so each begins again.
  for _, fence in ipairs(redis.call('ZRANGE', key('leases'), 0, -1)) do
    redis.call('ZADD', key('leases'), text(now + lease), fence)
  end
end
redis.call('HSET', KEYS[1], 'seen', text(now), 'step', text(step))
redis.call('ZADD', key('workers'), text(now + lease), ARGV[2])
redis.call('ZREMRANGEBYSCORE', key('workers'), '-inf', text(now))
-- Beyond a lease from now is who was there before the clock was put back.
redis.call('ZREMRANGEBYSCORE', key('workers'), '(' .. text(now + lease), '+inf')
for fence in string.gmatch(fences, '%d+') do
  redis.call('ZADD', key('leases'), 'XX', text(now + lease), fence)
end

local moved = {}
local function byte_of(number)
  local byte = string.byte(redis.call('GETRANGE', key('state'), number - 1, number - 1))
  return byte % 8, byte - byte % 8
end
local function count(part, state, change)
  local field = part .. ':' .. state
  moved[field] = (moved[field] or 0) + change
end
local function set(part, number, old, new, flags)
  redis.call('SETRANGE', key('state'), number - 1, string.char(new + flags))
  count(part, old, -1)
  count(part, new, 1)
end
local function tried(flags) return flags % 16 >= TRIED end
local function chunk_of(number)
  local member = redis.call('ZREVRANGEBYSCORE', key('chunks'), number, '-inf', 'LIMIT', 0, 1)[1]
  local first, size, part = string.match(member, '^(%d+):(%d+):(%d+)$')
  return tonumber(first), part, member
end
-- Twice as long as the facts: a job that is there is there with all it has.
local function keep(name) redis.call('PEXPIRE', key(name), text(2 * keep_ms)) end
local function set_outcome(first, number, outcome)
  local name = key('outcomes:' .. first)
  local before = redis.call('HGET', name, number)
  if before then
    local brief = cmsgpack.unpack(before)[3]
    if brief ~= '' and redis.call('HINCRBY', key('errors'), brief, -1) <= 0 then
      redis.call('HDEL', key('errors'), brief)
    end
  end
  if outcome ~= '' then
    redis.call('HSET', name, number, outcome)
    keep('outcomes:' .. first)
    local brief = cmsgpack.unpack(outcome)[3]
    if brief ~= '' then redis.call('HINCRBY', key('errors'), brief, 1) end
  elseif before then
    redis.call('HDEL', name, number)
  end
end
local function new_fence(part, once)
  local fence = text(redis.call('HINCRBY', KEYS[1], 'fence', 1))
  redis.call('ZADD', key('leases'), text(now + lease), fence)
  redis.call('HSET', key('claims'), fence, part .. ':' .. once)
  return fence
end
local function end_if_empty(fence)
  if redis.call('EXISTS', key('claim:' .. fence)) == 0 then
    redis.call('ZREM', key('leases'), fence)
    redis.call('HDEL', key('claims'), fence)
  end
end
-- Give an item back that a claim had; what may have been applied is for a look.
local function give_back(number, part, once, was_sent)
  local state, flags = byte_of(number)
  if state == SENT and once == '1' then
    redis.call('SADD', key('orphans:' .. part), number)
    keep('orphans:' .. part)
  elseif state == SENT or state == CLAIMED then
    if state == SENT and was_sent and not tried(flags) then flags = flags + TRIED end
    set(part, number, state, WAITING, flags)
    local first, _, member = chunk_of(number)
    redis.call('ZADD', key('open:' .. part), first, member)
    keep('open:' .. part)
  end
end
local function done(answer)
  for field, change in pairs(moved) do
    if change ~= 0 then redis.call('HINCRBY', key('totals'), field, text(change)) end
  end
  redis.call('PEXPIRE', KEYS[1], text(keep_ms))
  for _, name in ipairs({'state', 'totals', 'leases', 'workers', 'claims', 'again', 'errors'}) do keep(name) end
  answer[#answer + 1] = text(step)
  return answer
end
