-- Open a job, or create it. KEYS: facts. ARGV: the id that a new job gets, the worker, version and tables of
-- the worker, the format, microseconds of a lease, and milliseconds to keep the job.
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local function text(number) return string.format('%.0f', number) end
if redis.call('EXISTS', KEYS[1]) == 0 then
  redis.call('HSET', KEYS[1], 'id', ARGV[1], 'format', ARGV[5], 'lease', ARGV[6], 'keep', ARGV[7],
    'seen', text(now), 'opened', text(now), 'fence', '0', 'code', ARGV[3], 'tables', ARGV[4])
end
local facts = redis.call('HMGET', KEYS[1], 'id', 'lease', 'keep', 'format', 'code', 'tables')
local lease, keep_ms = tonumber(facts[2]), tonumber(facts[3])
if facts[4] ~= ARGV[5] then return {'format', facts[4]} end
local workers = string.sub(KEYS[1], 1, -6) .. facts[1] .. ':workers'
-- Beyond a lease from now is who was there before the clock was put back.
local others = redis.call('ZCOUNT', workers, text(now), text(now + lease))
if redis.call('ZSCORE', workers, ARGV[2]) then others = others - 1 end
-- Who only reads has no tables.
local tables = ARGV[4] == '' and facts[6] or ARGV[4]
if facts[5] ~= ARGV[3] or (facts[6] ~= '' and facts[6] ~= tables) then
  if others > 0 then return {'other', facts[5], facts[6]} end
end
redis.call('HSET', KEYS[1], 'code', ARGV[3], 'tables', tables)
redis.call('PEXPIRE', KEYS[1], text(keep_ms))
redis.call('ZADD', workers, text(now + lease), ARGV[2])
redis.call('PEXPIRE', workers, text(2 * keep_ms))
return {'open', facts[1], facts[2], facts[3]}
