-- Remove the job, unless other workers have it. No later job uses its other keys, so those may go one by one.
local others = redis.call('ZCARD', key('workers')) - 1
if others > 0 then return done({'workers', text(others)}) end
redis.call('DEL', KEYS[1])
return done({'removed', '0'})
