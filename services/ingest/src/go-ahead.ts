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
  -- The job at this place from the end; nil where there is none.
  local function look(place)
    local id = redis.call('LRANGE', keys.wait, -place, -place)[1]
    if not id then return nil end
    local job = redis.call('HMGET', prefix .. id, 'name', 'timestamp')
    local name = job[1] or ''
    return {
      isAhead = string.match(name, '^fresh%+') ~= nil,
      place = tonumber(string.match(name, '^events@(%d+)')),
      accepted = tonumber(job[2] or ''),
    }
  end
  -- Those ahead lie together at the end: where they begin is found by halves, since each flush comes here.
  local ahead, oldest = 0, look(1)
  if oldest and oldest.isAhead then
    local most, beyond = ${MOST_AHEAD}, look(${MOST_AHEAD})
    if beyond and beyond.isAhead then return nil end
    ahead, oldest = 1, beyond
    while most - ahead > 1 do
      local middle = math.floor((ahead + most) / 2)
      local job = look(middle)
      if job and job.isAhead then ahead = middle else most, oldest = middle, job end
    end
  end
  if not oldest or not oldest.accepted or now - oldest.accepted < ${OLD_MS} then return nil end
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
