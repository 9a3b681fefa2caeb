-- Keep a fact of the job, or of a part, that is settled once. ARGV: the hash, the field, the value.
-- Returns the value that is kept, which somebody else may have settled before.
redis.call('HSETNX', key(ARGV[4]), ARGV[5], ARGV[6])
keep(ARGV[4])
return done({'kept', redis.call('HGET', key(ARGV[4]), ARGV[5])})
