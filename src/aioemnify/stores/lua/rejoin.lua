-- Learn what a client used without the store. KEYS: notes, sharers, then one for each limit.
-- ARGV: the generation the client knew, whether it has been alone ('1'), then for each key: kind,
-- microseconds of a window, the use it knew of, the calls of a month, how many ages before and since, and those.
local generation, opens = generation_and_opening()

local known, alone = ARGV[1], ARGV[2] == '1'
local wiped = known ~= '' and known ~= generation
local back = tonumber(redis.call('HGET', KEYS[1], 'booked') or '0') < now - QUIET
  or tonumber(redis.call('HGET', KEYS[1], 'resumed') or '0') > now - RECENT
if (wiped and opens == 0) or (alone and back and opens < now - RECENT) then
  opens = now + SETTLE
  redis.call('HSET', KEYS[1], 'opens', text(opens))
end
local month = month_of(tonumber(clock[1]))
local place = 3
for index = 3, #KEYS do
  local key, kind, span = KEYS[index], ARGV[place], tonumber(ARGV[place + 1])
  local used, count = tonumber(ARGV[place + 2]), tonumber(ARGV[place + 3])
  local before, since = tonumber(ARGV[place + 4]), tonumber(ARGV[place + 5])
  place = place + 6
  if kind == 'window' then
    for at = place, place + before + since - 1 do
      if wiped or at >= place + before then
        redis.call('ZADD', key, text(now - tonumber(ARGV[at])), use_name())
      end
    end
    keep(key, span + 10000000)
  elseif kind == 'month' then
    local kept = tonumber(redis.call('HGET', key, month) or '0')
    redis.call('HSET', key, month, text(math.max(kept, used) + count))
    keep(key, 40 * DAY)
  end
  place = place + before + since
end
return text(math.max(0, opens - now))
