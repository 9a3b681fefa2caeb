-- Note that items are about to be sent. ARGV: the part, calls made since the last time, then for each item its
-- number and fence. Returns the places, from 0, of those
-- that somebody else has taken over.
local lost = {}
for at = 6, #ARGV, 2 do
  local number, fence = ARGV[at], ARGV[at + 1]
  if redis.call('SISMEMBER', key('claim:' .. fence), number) == 0 then
    lost[#lost + 1] = text((at - 6) / 2)
  else
    local state, flags = byte_of(number)
    if state == CLAIMED then
      if tried(flags) then
        redis.call('HSET', key('again'), number, fence)
      else
        flags = flags + TRIED
      end
      set(ARGV[4], number, CLAIMED, SENT, flags)
    end
  end
end
redis.call('HINCRBY', KEYS[1], 'calls', ARGV[5])
return done({'sent', lost})
