-- Take back places that nobody used. KEYS: notes, sharers, then one for each limit.
-- ARGV: kind and place of each limit's part, mark by mark from the last to the first.
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
