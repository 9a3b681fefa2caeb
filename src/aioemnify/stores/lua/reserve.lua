-- Reserve slots. KEYS: notes, sharers, then for each limit its own key and that of its pause.
-- ARGV: generation, client, count, horizon, then for each limit its kind and two numbers:
-- microseconds between calls and of burst; count and microseconds of a window; count and 0 of a month.
local client, count, horizon = ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
touch(KEYS[2], client)
local sharers = redis.call('ZCARD', KEYS[2])

local month, day = month_of(tonumber(clock[1]))
local limits = {}
for index = 1, (#KEYS - 2) / 2 do
  local base = 4 + (index - 1) * 3
  local limit = {
    key = KEYS[1 + 2 * index], kind = ARGV[base + 1],
    a = tonumber(ARGV[base + 2]), b = tonumber(ARGV[base + 3]),
    resumes = tonumber(redis.call('GET', KEYS[2 + 2 * index]) or '0'),
  }
  if limit.kind == 'bucket' then
    limit.tat = tonumber(redis.call('GET', limit.key) or '0')
    -- After a refusal the server has no burst left.
    if limit.resumes > 0 then limit.tat = math.max(limit.tat, limit.resumes + limit.b) end
  elseif limit.kind == 'month' then
    limit.used = tonumber(redis.call('HGET', limit.key, month) or '0')
  end
  limits[index] = limit
end

local waits, reservation_ids = {}, {}
local retry, exhausted = 0, 0
while #waits < count do
  local at = now
  for index, limit in ipairs(limits) do
    local due = math.max(now, limit.resumes)
    if limit.kind == 'bucket' then
      due = math.max(due, limit.tat - limit.b)
    elseif limit.kind == 'window' then
      local nth = redis.call('ZRANGE', limit.key, -limit.a, -limit.a, 'WITHSCORES')
      if nth[2] then due = math.max(due, tonumber(nth[2]) + limit.b + 1) end
    elseif limit.used >= limit.a or limit.resumes > now + horizon then
      exhausted = index
    end
    at = math.max(at, due)
  end
  if exhausted > 0 then break end
  if at > now + horizon then
    -- The more compete, the later they come again.
    retry = math.max(at - now - horizon, sharers * 20000)
    break
  end
  local parts = {}
  for index, limit in ipairs(limits) do
    if limit.kind == 'bucket' then
      local before = limit.tat
      limit.tat = math.max(before, at) + limit.a
      parts[index] = text(before) .. '/' .. text(limit.tat)
    elseif limit.kind == 'window' then
      parts[index] = add_use(limit.key, at)
    else
      limit.used = limit.used + 1
      parts[index] = month
    end
  end
  waits[#waits + 1] = text(at - now)
  reservation_ids[#reservation_ids + 1] = table.concat(parts, ' ')
end

local used = {}
for index, limit in ipairs(limits) do
  if limit.kind == 'bucket' then
    used[index] = text(math.max(0, (limit.tat - now) / limit.a * 1000))
    if #waits > 0 then
      local life = math.max(0, limit.tat - now) + 60000000
      redis.call('SET', limit.key, text(limit.tat), 'PX', text(math.ceil(life / 1000)))
    end
  elseif limit.kind == 'window' then
    if #waits > 0 then
      redis.call('ZREMRANGEBYSCORE', limit.key, '-inf', '(' .. text(now - limit.b))
      keep(limit.key, limit.b + 10000000)
    end
    used[index] = text(redis.call('ZCARD', limit.key) * 1000)
  else
    if #waits > 0 then
      redis.call('HSET', limit.key, month, text(limit.used))
      keep(limit.key, 40 * DAY)
    end
    used[index] = text(limit.used * 1000)
  end
end
if #waits == 0 and exhausted > 0 then
  -- Find the 1st day by day: a month has no fixed length.
  local midnight = math.floor(clock[1] / 86400) * 86400
  local first = midnight
  repeat first = first + 86400 until select(2, month_of(first)) == 1
  retry = first * 1000000 - now
  if limits[exhausted].resumes > now + horizon then retry = limits[exhausted].resumes - now end
end
return {generation, text(now), waits, reservation_ids, text(retry), text(exhausted), used, text(sharers)}
