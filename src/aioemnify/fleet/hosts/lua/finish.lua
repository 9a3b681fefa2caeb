-- Record outcomes. ARGV: the part, '1' where an item must not be sent twice, calls made since the last time,
-- then for each item its number, fence, state, '1' if it was applied twice, and its outcome.
-- Returns a letter for each: r recorded, d recorded as applied twice, n somebody else's outcome stands.
local part, once = ARGV[4], ARGV[5] == '1'
local letters, fences = {}, {}
for at = 7, #ARGV, 5 do
  local number, fence, new = ARGV[at], ARGV[at + 1], tonumber(ARGV[at + 2])
  local state, flags = byte_of(number)
  local letter, double, write = 'r', ARGV[at + 3] == '1', true
  if redis.call('SREM', key('claim:' .. fence), number) == 1 then
    fences[fence] = true
  else
    -- The lease was lost. Was it sent once more, by whoever has taken it over?
    local resent = tonumber(redis.call('HGET', key('again'), number) or '0') > tonumber(fence)
    if resent and once and new == OK then letter, double = 'd', true end
    local open = state == WAITING or state == CLAIMED or state == UNKNOWN or (state == SENT and not resent)
    write = open and new ~= UNKNOWN
    if write then
      for _, other in ipairs(redis.call('ZRANGE', key('leases'), 0, -1)) do
        if redis.call('SREM', key('claim:' .. other), number) == 1 then fences[other] = true end
      end
      redis.call('SREM', key('orphans:' .. part), number)
    elseif letter == 'r' and state ~= new then
      letter = 'n'
    end
  end
  if double and flags < DOUBLED then
    flags = flags + DOUBLED
    redis.call('HINCRBY', KEYS[1], 'doubled', 1)
  end
  if write then
    set(part, number, state, new, flags)
    set_outcome(text(chunk_of(number)), number, ARGV[at + 4])
  else
    set(part, number, state, state, flags)
  end
  letters[#letters + 1] = letter
end
for fence in pairs(fences) do end_if_empty(fence) end
redis.call('HINCRBY', KEYS[1], 'calls', ARGV[6])
return done({'finished', table.concat(letters)})
