-- Give claimed items back. ARGV: for each its number and fence.
for at = 4, #ARGV, 2 do
  local number, fence = ARGV[at], ARGV[at + 1]
  if redis.call('SREM', key('claim:' .. fence), number) == 1 then
    local part, once = string.match(redis.call('HGET', key('claims'), fence), '^(%d+):(%d)$')
    give_back(number, part, once, true)
    end_if_empty(fence)
  end
end
return done({'released'})
