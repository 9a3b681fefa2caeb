-- Add items, or only check them. ARGV: the part, the part within which keys are unique, '1' to write, the
-- bytes of the largest, then for each item the digests of its key and of its content, and the item.
local part, scope, write = ARGV[4], ARGV[5], ARGV[6] == '1'
local total = (#ARGV - 7) / 3
local fresh, states, items, seen = 0, {}, {}, {}
for index = 1, total do
  local at = 7 + (index - 1) * 3
  local digest, content = ARGV[at + 1], ARGV[at + 2]
  local one, two = string.byte(digest, 1, 2)
  local bucket = 'index:' .. scope .. ':' .. (one * 16 + math.floor(two / 16))
  local known = seen[digest] or redis.call('HGET', key(bucket), digest)
  if known and known ~= content then return done({'differs', text(index)}) end
  states[index] = string.char(known and VOID or WAITING)
  items[index] = known and '' or ARGV[at + 3]
  if not known then fresh = fresh + 1 end
  seen[digest] = content
end
if write and fresh > 0 then
  for index = 1, total do
    if items[index] ~= '' then
      local digest, content = ARGV[7 + (index - 1) * 3 + 1], ARGV[7 + (index - 1) * 3 + 2]
      local one, two = string.byte(digest, 1, 2)
      local bucket = 'index:' .. scope .. ':' .. (one * 16 + math.floor(two / 16))
      redis.call('HSET', key(bucket), digest, content)
      keep(bucket)
    end
  end
  local first = redis.call('STRLEN', key('state')) + 1
  local member = text(first) .. ':' .. text(total) .. ':' .. part
  redis.call('APPEND', key('state'), table.concat(states))
  for index = 1, total do redis.call('RPUSH', key('items:' .. text(first)), items[index]) end
  redis.call('ZADD', key('chunks'), text(first), member)
  redis.call('ZADD', key('open:' .. part), text(first), member)
  local largest = tonumber(redis.call('HGET', key('largest'), part) or '0')
  redis.call('HSET', key('largest'), part, text(math.max(largest, tonumber(ARGV[7]))))
  for _, name in ipairs({'items:' .. text(first), 'chunks', 'open:' .. part, 'largest'}) do keep(name) end
  count(part, WAITING, fresh)
end
return done({'added', text(fresh)})
