-- Take over what a client used without the store. KEYS: notes, sharers, then one for each limit.
-- ARGV: generation, client, the generation that the client knew, '1' to start another one if that is
-- still the present one, then for each limit: its kind and two numbers as for reserve, the calls of a
-- month that the client knew of and those to add, how many ages of uses the store was told of and how
-- many it was not, and those ages in microseconds.
local client, known = ARGV[2], ARGV[3]
if ARGV[4] == '1' and known == generation then
  redis.call('HSET', KEYS[1], 'generation', text(now))
  return {text(now)}
end
touch(KEYS[2], client)
local month = month_of(tonumber(clock[1]))
local place = 5
for index = 3, #KEYS do
  local key, kind = KEYS[index], ARGV[place]
  local a, b = tonumber(ARGV[place + 1]), tonumber(ARGV[place + 2])
  local known_used, calls = tonumber(ARGV[place + 3]), tonumber(ARGV[place + 4])
  local reported, unreported = tonumber(ARGV[place + 5]), tonumber(ARGV[place + 6])
  place = place + 7
  if kind == 'bucket' then
    -- What was sent without the store may have used the burst.
    local tat = math.max(tonumber(redis.call('GET', key) or '0'), now + a + b)
    redis.call('SET', key, text(tat), 'PX', text(math.ceil((tat - now + 60000000) / 1000)))
  elseif kind == 'window' then
    local first = (known ~= '' and known ~= generation) and place or place + reported
    for at = first, place + reported + unreported - 1 do
      add_use(key, now - tonumber(ARGV[at]))
    end
    keep(key, b + 10000000)
  else
    local used = tonumber(redis.call('HGET', key, month) or '0')
    redis.call('HSET', key, month, text(math.max(used, known_used) + calls))
    keep(key, 40 * DAY)
  end
  place = place + reported + unreported
end
return {generation}
