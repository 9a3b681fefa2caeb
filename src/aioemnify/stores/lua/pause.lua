-- Reserve nothing for a while. KEYS: notes, sharers, the pause. ARGV: generation, microseconds.
local until_then = now + tonumber(ARGV[2])
if tonumber(redis.call('GET', KEYS[3]) or '0') < until_then then
  redis.call('SET', KEYS[3], text(until_then), 'PX', text(math.ceil(tonumber(ARGV[2]) / 1000) + 5000))
end
return {generation}
