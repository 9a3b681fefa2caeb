-- Read before each of the scripts that reserve: Redis's own clock in microseconds, and what is kept about it.
-- Numbers go to and fro as text, because Lua prints only 14 digits of them. Every key has the deployment's
-- hash tag, so that a cluster keeps them together, and a time to live, so that nothing stays behind.
-- KEYS: notes, sharers, and those of each script. The constants stand above, from _redis_scripts.py.
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local function text(number) return string.format('%.0f', number) end
local function month_of(seconds)
  local z = math.floor(seconds / 86400) + 719468
  local era = math.floor(z / 146097)
  local doe = z - era * 146097
  local yoe = math.floor((doe - math.floor(doe / 1460) + math.floor(doe / 36524)
    - math.floor(doe / 146096)) / 365)
  local doy = doe - (365 * yoe + math.floor(yoe / 4) - math.floor(yoe / 100))
  local mp = math.floor((5 * doy + 2) / 153)
  local day = doy - math.floor((153 * mp + 2) / 5) + 1
  local month = mp < 10 and mp + 3 or mp - 9
  local year = yoe + era * 400 + (month <= 2 and 1 or 0)
  return string.format('%04d-%02d', year, month), day
end
local function use_name()
  return text(redis.call('HINCRBY', KEYS[1], 'named', 1))
end
local function keep(key, micros)
  redis.call('PEXPIRE', key, text(math.ceil(micros / 1000)))
end
local DAY = 86400 * 1000000

-- The name of what is known here, and when the store books again after it was lost.
local function generation_and_opening()
  local generation = redis.call('HGET', KEYS[1], 'generation')
  if not generation then
    generation = text(now)
    redis.call('HSET', KEYS[1], 'generation', generation)
  end
  keep(KEYS[1], 40 * DAY)
  return generation, math.min(tonumber(redis.call('HGET', KEYS[1], 'opens') or '0'), now + SETTLE)
end
