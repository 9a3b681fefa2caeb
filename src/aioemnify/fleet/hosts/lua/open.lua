-- Open a job, or create it. KEYS: facts. ARGV: the id that a new job gets, the worker, version and tables of
-- the worker, the format, microseconds of a lease, and milliseconds to keep the job.
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local function text(number) return string.format('%.0f', number) end
local workers = string.sub(KEYS[1], 1, -6) .. 'workers'
if redis.call('EXISTS', KEYS[1]) == 0 then
  redis.call('HSET', KEYS[1], 'id', ARGV[1], 'format', ARGV[5], 'lease', ARGV[6], 'keep', ARGV[7],
    'seen', text(now), 'opened', text(now), 'fence', '0', 'code', ARGV[3], 'tables', ARGV[4])
else
  local known = redis.call('HMGET', KEYS[1], 'format', 'code', 'tables')
  if known[1] ~= ARGV[5] then return {'format', known[1]} end
  -- Beyond a lease from now is who was there before the clock was put back.
  local lease = tonumber(redis.call('HGET', KEYS[1], 'lease'))
  local others = redis.call('ZCOUNT', workers, text(now), text(now + lease))
  if redis.call('ZSCORE', workers, ARGV[2]) then others = others - 1 end
  -- Who only reads has no tables.
  local tables = ARGV[4] == '' and known[3] or ARGV[4]
  if known[2] ~= ARGV[3] or (known[3] ~= '' and known[3] ~= tables) then
    if others > 0 then return {'other', known[2], known[3]} end
  end
  redis.call('HSET', KEYS[1], 'code', ARGV[3], 'tables', tables)
end
redis.call('PEXPIRE', KEYS[1], redis.call('HGET', KEYS[1], 'keep'))
redis.call('ZADD', workers, text(now + tonumber(redis.call('HGET', KEYS[1], 'lease'))), ARGV[2])
redis.call('PEXPIRE', workers, redis.call('HGET', KEYS[1], 'keep'))
return {'open', redis.call('HGET', KEYS[1], 'id'), redis.call('HGET', KEYS[1], 'lease')}
