-- Book places. ARGV: client, places, horizon, then for each limit its kind and two numbers:
-- microseconds between calls and of burst; count and microseconds of a window; count and 0 of a month.
-- KEYS: notes, sharers, then for each limit its own key and that of its pause.
local generation, opens = generation_and_opening()

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
local asks = {}
for index = 1, (#KEYS - 2) / 2 do
  local base = 3 + (index - 1) * 3
  local ask = {
    key = KEYS[1 + 2 * index], kind = ARGV[base + 1],
    a = tonumber(ARGV[base + 2]), b = tonumber(ARGV[base + 3]),
    resumes = tonumber(redis.call('GET', KEYS[2 + 2 * index]) or '0'),
  }
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

local waits, marks = {}, {}
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
  local mark = {}
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

local used = {}
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
  if tonumber(redis.call('HGET', KEYS[1], 'booked') or '0') < now - QUIET then
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
return {waits, marks, text(retry), text(exhausted), used, text(sharers), text(rank), text(now), generation}
