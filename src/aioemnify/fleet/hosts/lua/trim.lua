-- Write the states again, which frees what Redis keeps ready behind a string that grows.
local states = redis.call('GET', key('state'))
if states then redis.call('SET', key('state'), states) end
return done({'trimmed'})
