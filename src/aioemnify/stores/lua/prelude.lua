-- Stands before reserve, cancel, pause and rejoin: Redis's own clock in microseconds, and the generation.
-- Numbers go to and fro as text, because Lua prints only 14 digits of them. Every key has the deployment's
-- hash tag, so that a cluster keeps them together, and a time to live, so that nothing stays behind.
-- KEYS[1] is the notes; the other keys but those of months carry the generation in their names.
-- ARGV[1] is the generation that the caller took them from: if there is another by now, it asks again.
-- HEARTBEAT and CLOCK_STEP come from protocols.py.
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local DAY = 86400 * 1000000
local function text(number) return string.format('%.0f', number) end
local function keep(key, micros)
  redis.call('PEXPIRE', key, text(math.ceil(micros / 1000)))
end
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
local function add_use(key, at)
  local use_id = text(redis.call('HINCRBY', KEYS[1], 'uses', 1))
  redis.call('ZADD', key, text(at), use_id)
  return use_id
end
local function touch(key, client)
  local seen = tonumber(redis.call('ZSCORE', key, client) or '0')
  if now - seen >= 1000000 then
    redis.call('ZADD', key, text(now), client)
    redis.call('ZREMRANGEBYSCORE', key, '-inf', text(now - HEARTBEAT))
    keep(key, 2 * HEARTBEAT)
  end
end

local notes = redis.call('HMGET', KEYS[1], 'generation', 'seen')
local generation = notes[1]
if not generation or now < tonumber(notes[2]) - CLOCK_STEP then
  -- Redis has lost everything, or its clock was put back.
  generation = text(now)
end
redis.call('HSET', KEYS[1], 'generation', generation, 'seen', text(now))
keep(KEYS[1], 40 * DAY)
if ARGV[1] ~= generation then return {generation, text(now)} end
