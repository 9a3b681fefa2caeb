-- Note that items wait again, in the hands of the same worker. ARGV: the part, then for each item its number
-- and fence. Returns the places, from 0, of those
-- that somebody else has taken over.
local lost = {}
for at = 5, #ARGV, 2 do
  local number, fence = ARGV[at], ARGV[at + 1]
  if redis.call('SISMEMBER', key('claim:' .. fence), number) == 0 then
    lost[#lost + 1] = text((at - 5) / 2)
  else
    local state, flags = byte_of(number)
    if state == SENT then
      if not tried(flags) then flags = flags + TRIED end
      set(ARGV[4], number, SENT, CLAIMED, flags)
    end
  end
end
return done({'put back', lost})
