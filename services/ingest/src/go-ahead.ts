import { freshName, MOST_AHEAD } from "@fio/service/queue";
import { OLD_MS } from "@fio/service/taken-up-to";

/** So many events may go ahead before the backlog has moved; after that, one for each that was taken from it. */
const BURST = 2_000;

/*
 * Lua: whether a job of `count` events goes ahead of the backlog, and under which name; and its place in the list.
 *
 * Workers take from the end of the list. What goes ahead enters there, behind what went ahead before it. How far the
 * backlog has come is told by the name of its oldest job: how many events the fleet had accepted before it. For each event
 * by which it moves one may go ahead, so that workers never give it less than half of what they do.
 */
export const GO_AHEAD = `
local function goesAhead(keys, prefix, count, taken, now)
  local ids = redis.call('LRANGE', keys.wait, -${MOST_AHEAD + 1}, -1)
  local ahead, oldest = 0, nil
  for index = #ids, 1, -1 do
    local job = redis.call('HMGET', prefix .. ids[index], 'name', 'timestamp')
    if not string.match(job[1] or '', '^fresh%+') then
      oldest = { place = tonumber(string.match(job[1] or '', '^events@(%d+)')), accepted = tonumber(job[2] or '') }
      break
    end
    ahead = ahead + 1
  end
  if not oldest or not oldest.accepted or now - oldest.accepted < ${OLD_MS} then return nil end
  if ahead >= ${MOST_AHEAD} then return nil end
  local known = redis.call('HMGET', keys.ahead, 'place', 'left')
  local place, left = tonumber(known[1] or '0') or 0, tonumber(known[2] or '${BURST}') or ${BURST}
  -- The count was lost, and begins anew.
  if place > taken then place = 0 end
  if oldest.place and oldest.place > place then
    left = math.min(${BURST}, left + oldest.place - place)
    place = oldest.place
  end
  if left <= 0 then return nil end
  redis.call('HSET', keys.ahead, 'place', string.format('%.0f', place), 'left', string.format('%.0f', left - count))
  return ahead, '${freshName("' .. count .. '")}'
end

local function behindOthersAhead(keys, ahead)
  if ahead == 0 then return end
  -- A user whose list of commands is of an earlier version may not: then the newest of them is the first.
  local ids = redis.pcall('RPOP', keys.wait, ahead + 1)
  if ids.err then return end
  redis.call('RPUSH', keys.wait, ids[1])
  for index = #ids, 2, -1 do redis.call('RPUSH', keys.wait, ids[index]) end
end
`;
