-- Book nothing for a while. KEYS: notes, sharers, the pause. ARGV: microseconds.
local till = now + tonumber(ARGV[1])
if tonumber(redis.call('GET', KEYS[3]) or '0') < till then
  redis.call('SET', KEYS[3], text(till), 'PX', text(math.ceil(tonumber(ARGV[1]) / 1000) + 5000))
end
return 0
