-- Move the items of a chunk from one state to another. ARGV: the chunk, the old state, the new one, and '1' to
-- claim them for this worker, as items that must not be sent twice.
local first, size, part = string.match(ARGV[4], '^(%d+):(%d+):(%d+)$')
first, size = tonumber(first), tonumber(size)
local old, new, claims = tonumber(ARGV[5]), tonumber(ARGV[6]), ARGV[7] == '1'
local bytes = {string.byte(redis.call('GETRANGE', key('state'), first - 1, first + size - 2), 1, -1)}
local fence, found = '0', {}
for index = 1, size do
  local byte, number = bytes[index], text(first + index - 1)
  if byte % 8 == old then
    local flags = byte - old
    -- A failed item was certainly not applied: the next try is the first.
    if old == FAILED and tried(flags) then flags = flags - TRIED end
    set(part, number, old, new, flags)
    if claims then
      if fence == '0' then fence = new_fence(part, '1') end
      redis.call('SADD', key('claim:' .. fence), number)
      keep('claim:' .. fence)
      found[#found + 1] = number
      found[#found + 1] = text(new + flags)
      found[#found + 1] = redis.call('LINDEX', key('items:' .. text(first)), index - 1)
    else
      set_outcome(text(first), number, '')
      found[#found + 1] = number
    end
  end
end
if new == WAITING and #found > 0 then
  redis.call('ZADD', key('open:' .. part), first, ARGV[4])
  keep('open:' .. part)
end
return done({'changed', fence, found})
