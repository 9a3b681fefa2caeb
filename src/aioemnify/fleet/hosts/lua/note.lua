-- Keep a fact of the job, or of a part, that is settled once. ARGV: the hash, '' for the facts; the field, the
-- value. Returns the value that is kept, which somebody else may have settled before.
local hash = ARGV[4] == '' and KEYS[1] or key(ARGV[4])
redis.call('HSETNX', hash, ARGV[5], ARGV[6])
if ARGV[4] ~= '' then keep(ARGV[4]) end
return done({'kept', redis.call('HGET', hash, ARGV[5])})
