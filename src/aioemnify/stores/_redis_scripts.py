"""What runs inside Redis: the rules of ``ledger``, in microseconds of Redis's own clock.

Numbers go to and fro as text, because Lua prints only 14 digits of them. Every key has the
deployment's hash tag, so that a cluster keeps them together, and a time to live, so that
nothing stays behind.

The first keys of each script are the ledger's notes and the sharers; one for each ask
follows, and for each of those one for its pause.
"""

from __future__ import annotations

from aioemnify.stores._reservations import HEARTBEAT, QUIET, RECENT, SETTLE

BEYOND = 60.0
"""Seconds further than which nothing is booked ahead: what is, was written before the clock was put back."""

_CLOCK = """
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local function text(number) return string.format('%.0f', number) end
local function month_of(seconds)
  local z = math.floor(seconds / 86400) + 719468
  local era = math.floor(z / 146097)
  local doe = z - era * 146097
  local yoe = math.floor((doe - math.floor(doe / 1460) + math.floor(doe / 36524)
    - math.floor(doe / 146096)) / 365)
  local doy = doe - (365 * yoe + math.floor(yoe / 4) - math.floor(yoe / 100))
  local mp = math.floor((5 * doy + 2) / 153)
  local day = doy - math.floor((153 * mp + 2) / 5) + 1
  local month = mp < 10 and mp + 3 or mp - 9
  local year = yoe + era * 400 + (month <= 2 and 1 or 0)
  return string.format('%04d-%02d', year, month), day
end
local function use_name()
  return text(redis.call('HINCRBY', KEYS[1], 'named', 1))
end
local function keep(key, micros)
  redis.call('PEXPIRE', key, text(math.ceil(micros / 1000)))
end
local DAY = 86400 * 1000000
"""
_CLOCK += f"local SETTLE, BEYOND = {SETTLE * 1e6:.0f}, {BEYOND * 1e6:.0f}\n"

_GENERATION = """
local generation = redis.call('HGET', KEYS[1], 'generation')
if not generation then
  generation = text(now)
  redis.call('HSET', KEYS[1], 'generation', generation)
end
keep(KEYS[1], 40 * DAY)
local opens = math.min(tonumber(redis.call('HGET', KEYS[1], 'opens') or '0'), now + SETTLE)
"""

# ARGV: client, places, horizon, then for each ask its kind and two numbers:
# microseconds between calls and of burst; count and microseconds of a window; count and 0 of a month.
BOOK = f"""
{_CLOCK}{_GENERATION}
local HEARTBEAT = {HEARTBEAT * 1e6:.0f}
local client, places, horizon = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])

local rank = -1
local seen = redis.call('ZSCORE', KEYS[2], client)
if not seen or now - tonumber(seen) >= 1000000 or tonumber(seen) > now then
  redis.call('ZADD', KEYS[2], text(now), client)
  redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', text(now - HEARTBEAT))
  keep(KEYS[2], 2 * HEARTBEAT)
  rank = 0
  for _, name in ipairs(redis.call('ZRANGE', KEYS[2], 0, -1)) do
    if name < client then rank = rank + 1 end
  end
end
local sharers = redis.call('ZCARD', KEYS[2])

local month, day = month_of(tonumber(clock[1]))
local asks = {{}}
for index = 1, (#KEYS - 2) / 2 do
  local base = 3 + (index - 1) * 3
  local ask = {{
    key = KEYS[1 + 2 * index], kind = ARGV[base + 1],
    a = tonumber(ARGV[base + 2]), b = tonumber(ARGV[base + 3]),
    resumes = tonumber(redis.call('GET', KEYS[2 + 2 * index]) or '0'),
  }}
  ask.from = math.max(now, opens, ask.resumes)
  if ask.kind == 'bucket' then
    ask.tat = tonumber(redis.call('GET', ask.key) or '0')
    if ask.tat > now + BEYOND then ask.tat = now + ask.b + ask.a end
    if opens > 0 then ask.tat = math.max(ask.tat, opens + ask.b + ask.a) end
    if ask.resumes > 0 then ask.tat = math.max(ask.tat, ask.resumes + ask.b) end
  elseif ask.kind == 'window' then
    for _, name in ipairs(redis.call('ZRANGEBYSCORE', ask.key, '(' .. text(now + BEYOND), '+inf')) do
      redis.call('ZADD', ask.key, text(now), name)
    end
  else
    ask.used = tonumber(redis.call('HGET', ask.key, month) or '0')
  end
  asks[index] = ask
end

local waits, marks = {{}}, {{}}
local retry, exhausted = 0, 0
while #waits < places do
  local at = now
  for index, ask in ipairs(asks) do
    local due = ask.from
    if ask.kind == 'bucket' then
      due = math.max(due, ask.tat - ask.b)
    elseif ask.kind == 'window' then
      local nth = redis.call('ZRANGE', ask.key, -ask.a, -ask.a, 'WITHSCORES')
      if nth[2] then due = math.max(due, tonumber(nth[2]) + ask.b + 1) end
    elseif ask.used >= ask.a or ask.resumes > now + horizon then
      exhausted = index
    end
    at = math.max(at, due)
  end
  if exhausted > 0 then break end
  if at > now + horizon then
    retry = math.max(at - now - horizon, sharers * 20000)
    break
  end
  local mark = {{}}
  for index, ask in ipairs(asks) do
    if ask.kind == 'bucket' then
      local before = ask.tat
      ask.tat = math.max(before, at) + ask.a
      mark[index] = text(before) .. '/' .. text(ask.tat)
    elseif ask.kind == 'window' then
      mark[index] = use_name()
      redis.call('ZADD', ask.key, text(at), mark[index])
    else
      ask.used = ask.used + 1
      mark[index] = month
    end
  end
  waits[#waits + 1] = text(at - now)
  marks[#marks + 1] = table.concat(mark, ' ')
end

local used = {{}}
for index, ask in ipairs(asks) do
  if ask.kind == 'bucket' then
    used[index] = text(math.max(0, (ask.tat - now) / ask.a * 1000))
    if #waits > 0 then
      local life = math.max(0, ask.tat - now) + 60000000
      redis.call('SET', ask.key, text(ask.tat), 'PX', text(math.ceil(life / 1000)))
    end
  elseif ask.kind == 'window' then
    if #waits > 0 then
      redis.call('ZREMRANGEBYSCORE', ask.key, '-inf', '(' .. text(now - ask.b))
      keep(ask.key, ask.b + 10000000)
    end
    used[index] = text(redis.call('ZCARD', ask.key) * 1000)
  else
    if #waits > 0 then
      redis.call('HSET', ask.key, month, text(ask.used))
      keep(ask.key, 40 * DAY)
    end
    used[index] = text(ask.used * 1000)
  end
end
if #waits > 0 then
  if tonumber(redis.call('HGET', KEYS[1], 'booked') or '0') < now - {QUIET * 1e6:.0f} then
    redis.call('HSET', KEYS[1], 'resumed', text(now))
  end
  redis.call('HSET', KEYS[1], 'booked', text(now))
elseif exhausted > 0 then
  -- The 1st is found by going day by day: a month has no fixed length.
  local midnight = math.floor(clock[1] / 86400) * 86400
  local first = midnight
  repeat first = first + 86400 until select(2, month_of(first)) == 1
  retry = first * 1000000 - now
  if asks[exhausted].resumes > now + horizon then retry = asks[exhausted].resumes - now end
end
return {{waits, marks, text(retry), text(exhausted), used, text(sharers), text(rank), text(now), generation}}
"""

# ARGV: kind and place of each ask's part, mark by mark from the last to the first.
GIVE_BACK = """
local asks = #KEYS - 2
for place = 1, #ARGV / (2 * asks) do
  for index = 1, asks do
    local base = ((place - 1) * asks + index - 1) * 2
    local key, kind, part = KEYS[2 + index], ARGV[base + 1], ARGV[base + 2]
    if kind == 'bucket' then
      local before, after = string.match(part, '^(%d+)/(%d+)$')
      if redis.call('GET', key) == after then redis.call('SET', key, before, 'KEEPTTL') end
    elseif kind == 'window' then
      redis.call('ZREM', key, part)
    elseif tonumber(redis.call('HGET', key, part) or '0') > 0 then
      redis.call('HINCRBY', key, part, -1)
    end
  end
end
return 0
"""

# KEYS: notes, sharers, the pause. ARGV: microseconds.
PAUSE = f"""
{_CLOCK}
local till = now + tonumber(ARGV[1])
if tonumber(redis.call('GET', KEYS[3]) or '0') < till then
  redis.call('SET', KEYS[3], text(till), 'PX', text(math.ceil(tonumber(ARGV[1]) / 1000) + 5000))
end
return 0
"""

# ARGV: the generation the client knew, whether it has been alone ('1'), then for each key: kind,
# microseconds of a window, the use it knew of, the calls of a month, how many ages before and since,
# and those.
REJOIN = f"""
{_CLOCK}{_GENERATION}
local known, alone = ARGV[1], ARGV[2] == '1'
local wiped = known ~= '' and known ~= generation
local back = tonumber(redis.call('HGET', KEYS[1], 'booked') or '0') < now - {QUIET * 1e6:.0f}
  or tonumber(redis.call('HGET', KEYS[1], 'resumed') or '0') > now - {RECENT * 1e6:.0f}
if (wiped and opens == 0) or (alone and back and opens < now - {RECENT * 1e6:.0f}) then
  opens = now + SETTLE
  redis.call('HSET', KEYS[1], 'opens', text(opens))
end
local month = month_of(tonumber(clock[1]))
local place = 3
for index = 3, #KEYS do
  local key, kind, span = KEYS[index], ARGV[place], tonumber(ARGV[place + 1])
  local used, count = tonumber(ARGV[place + 2]), tonumber(ARGV[place + 3])
  local before, since = tonumber(ARGV[place + 4]), tonumber(ARGV[place + 5])
  place = place + 6
  if kind == 'window' then
    for at = place, place + before + since - 1 do
      if wiped or at >= place + before then
        redis.call('ZADD', key, text(now - tonumber(ARGV[at])), use_name())
      end
    end
    keep(key, span + 10000000)
  elseif kind == 'month' then
    local kept = tonumber(redis.call('HGET', key, month) or '0')
    redis.call('HSET', key, month, text(math.max(kept, used) + count))
    keep(key, 40 * DAY)
  end
  place = place + before + since
end
return text(math.max(0, opens - now))
"""

# KEYS: the lease. ARGV: the holder, milliseconds.
LEASE = """
local held = redis.call('GET', KEYS[1])
if held and held ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
"""

# KEYS: the lease. ARGV: the holder.
RELEASE = """
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 0
"""
