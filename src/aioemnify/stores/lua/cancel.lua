-- Cancel reservations that nobody used. KEYS: notes, sharers, then one for each limit.
-- ARGV: generation, then kind and part of the id for each limit, reservation by reservation from the
-- last to the first.
local limits = #KEYS - 2
for place = 1, (#ARGV - 1) / (2 * limits) do
  for index = 1, limits do
    local base = ((place - 1) * limits + index - 1) * 2 + 1
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
return {generation}
