-- Return the id of a part, and create it if it is new. ARGV: its digest, its operation, its other members.
local known = redis.call('HGET', key('part_ids'), ARGV[4])
if not known then
  known = text(redis.call('HLEN', key('parts')) + 1)
  local first = redis.call('HGET', key('first_parts'), ARGV[5]) or known
  redis.call('HSET', key('first_parts'), ARGV[5], first)
  redis.call('HSET', key('part_ids'), ARGV[4], known)
  redis.call('HSET', key('parts'), known, cmsgpack.pack({ARGV[5], first, ARGV[6]}))
  for _, name in ipairs({'first_parts', 'part_ids', 'parts'}) do keep(name) end
end
return done({'part', known, redis.call('HGET', key('first_parts'), ARGV[5])})
