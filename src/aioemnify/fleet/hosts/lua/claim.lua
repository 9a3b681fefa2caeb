-- Take over what the dead have left, and claim items. ARGV: the part, how many, '1' where a claimed item may
-- be sent at once, '1' where an item must not be sent twice, '1' to leave a fair part to the other workers.
local part, want, direct, once = ARGV[4], tonumber(ARGV[5]), ARGV[6] == '1', ARGV[7]
for _, fence in ipairs(redis.call('ZRANGEBYSCORE', key('leases'), '-inf', text(now), 'LIMIT', 0, 20)) do
  local of, its_once = string.match(redis.call('HGET', key('claims'), fence) or '0:0', '^(%d+):(%d)$')
  for _, number in ipairs(redis.call('SMEMBERS', key('claim:' .. fence))) do
    give_back(number, of, its_once, true)
  end
  redis.call('DEL', key('claim:' .. fence))
  end_if_empty(fence)
end

local found, numbers = {}, {}
local function take(number, byte, item)
  numbers[#numbers + 1] = text(number)
  found[#found + 1] = text(number)
  found[#found + 1] = text(byte)
  found[#found + 1] = item
end
for _, number in ipairs(redis.call('SPOP', key('orphans:' .. part), want)) do
  local state, flags = byte_of(number)
  if state == SENT then
    local first = chunk_of(number)
    take(tonumber(number), state + flags, redis.call('LINDEX', key('items:' .. text(first)), number - first))
  end
end
if #numbers == 0 then
  if ARGV[8] == '1' then
    local waiting = tonumber(redis.call('HGET', key('totals'), part .. ':0') or '0') + (moved[part .. ':0'] or 0)
    local workers = redis.call('ZCARD', key('workers'))
    want = math.max(1, math.min(want, math.ceil(waiting / (2 * workers))))
  end
  while #numbers < want do
    local member = redis.call('ZRANGE', key('open:' .. part), 0, 0)[1]
    if not member then break end
    local first, size = string.match(member, '^(%d+):(%d+)')
    first, size = tonumber(first), tonumber(size)
    local bytes = {string.byte(redis.call('GETRANGE', key('state'), first - 1, first + size - 2), 1, -1)}
    local low, high, before = nil, nil, #found
    for index = 1, size do
      if bytes[index] % 8 == WAITING then
        if #numbers == want then
          high = index
          break
        end
        low = low or index
        take(first + index - 1, bytes[index], index)
        set(part, first + index - 1, WAITING, direct and SENT or CLAIMED, bytes[index])
      end
    end
    if low then
      local last = tonumber(numbers[#numbers]) - first + 1
      local items = redis.call('LRANGE', key('items:' .. text(first)), low - 1, last - 1)
      if #items <= last - low then return {'gone'} end
      for place = before + 3, #found, 3 do found[place] = items[found[place] - low + 1] end
    end
    if not high then redis.call('ZREM', key('open:' .. part), member) end
  end
end
local fence = '0'
if #numbers > 0 then
  fence = new_fence(part, once)
  for _, number in ipairs(numbers) do redis.call('SADD', key('claim:' .. fence), number) end
  keep('claim:' .. fence)
end
local answer = done({'claimed', fence})
local totals, calls = redis.call('HGETALL', key('totals')), redis.call('HGET', KEYS[1], 'calls') or '0'
return {answer[1], answer[2], totals, calls, found, answer[3]}
