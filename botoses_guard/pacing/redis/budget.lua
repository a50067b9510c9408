-- One atomic step of a budget: what budget.py, schedule.py, congestion.py, daily.py and inquiry.py
-- do in Python, by the same names and in the same order. Change them together.
--
-- KEYS[1]  hash: the groups of numbers below, and the cells of the day as c0 to c288
-- KEYS[2]  sorted set: the processes that use the budget, by the time at which they last said so
-- ARGV[1]  the step
-- ARGV[2]  the time in microseconds; empty for the time of this server
-- ARGV[3]  what the step takes: doubles in little-endian binary, in the order of its take()s
-- ARGV[4]  the process that reserves, if it is to be noted
--
-- Returns what the step answers, as ARGV[3]. Whole numbers are exact below 2^53, in microseconds
-- the year 2255.

local MICROSECONDS = 1000000
local SLOWEST = 1
local LONGEST_QUEUE = 3600 * MICROSECONDS
local TOLERANCE, FULL_TOLERANCE = 100000, 10
local DECREASE, RECOVERY, FLOOR, DOUBLING, LONGEST_SEARCH, LOWEST = 0.8, 300, 0.05, 5, 300, 1
local CELL = 300 * MICROSECONDS
local WINDOW = 24 * 3600 * MICROSECONDS
local CELLS = WINDOW / CELL + 1
local GATE = 600 * MICROSECONDS
local TURN, LOOK_AGAIN = 5 * MICROSECONDS, 0.2
local BEAT_LASTS = 60 * MICROSECONDS
local KEPT = 25 * 3600 * 1000 -- milliseconds: a day, and the longest queue

local NONE = -1 -- Python's None in a group, where no other number is negative
local NOTHING = 0 / 0 -- and in binary; it does not equal itself

local floor, min, max = math.floor, math.min, math.max

local key = KEYS[1]
local now = tonumber(ARGV[2])
if not now then
  local time = redis.pcall('TIME')
  if time.err then
    return redis.error_reply('NOTIME the server keeps its time from scripts')
  end
  now = time[1] * MICROSECONDS + time[2]
end

local GROUPS = {
  schedule = { 'next', 'remainder' },
  congestion = {
    'cut_at', 'cut_rate', 'searches', 'slope', 'second', 'accepted', 'accepted_before',
  },
  daily = {
    'first', 'last', 'total', 'newest', 'in_flight', 'in_flight_before', 'confirmed',
    'others', 'others_until', 'closed_until',
  },
  inquiry = { 'rate', 'quota', 'sent', 'told', 'taken' },
}

local function read(name, text)
  local names, group, count = GROUPS[name], {}, 0
  for word in string.gmatch(text, '%S+') do
    count = count + 1
    group[names[count] or count] = tonumber(word)
  end
  if count ~= #names then
    error('unreadable state')
  end
  return group
end

local function written(name, group)
  local words = {}
  for place, number in ipairs(GROUPS[name]) do
    words[place] = string.format('%.17g', group[number])
  end
  return table.concat(words, ' ')
end

local stored = redis.call('HMGET', key, 'schedule', 'congestion', 'daily', 'inquiry')
local schedule = stored[1] and read('schedule', stored[1]) or { next = 0, remainder = 0 }
local congestion = stored[2] and read('congestion', stored[2])
  or { cut_at = -1, cut_rate = NONE, searches = 0, slope = 0, second = 0,
       accepted = 0, accepted_before = 0 }
local daily = stored[3] and read('daily', stored[3])
  or { first = 0, last = 0, total = 0, newest = 0, in_flight = 0, in_flight_before = 0,
       confirmed = 0, others = 0, others_until = 0, closed_until = 0 }
local inquiry = stored[4] and read('inquiry', stored[4])
  or { rate = NONE, quota = 0, sent = 0, told = 0, taken = 0 }

local changed = {} -- groups by name

local function round(number) -- half to even, as Python does
  local whole = floor(number)
  local part = number - whole
  if part > 0.5 or (part == 0.5 and whole % 2 == 1) then
    return whole + 1
  end
  return whole
end

-- schedule.py

local function tolerance_at(rate)
  return rate >= FULL_TOLERANCE and TOLERANCE or floor(TOLERANCE * rate / FULL_TOLERANCE)
end

local function advance(recipients, millirate)
  changed.schedule = schedule
  local start = schedule.next
  if start < now then
    start = now
    schedule.remainder = 0
  end
  local work = recipients * 1000 * MICROSECONDS + schedule.remainder
  schedule.remainder = math.fmod(work, millirate) -- exact, unlike the operator
  schedule.next = start + (work - schedule.remainder) / millirate
  return start
end

local function hold(till)
  local stepped = schedule.next > now + LONGEST_QUEUE
  if stepped then
    schedule.next = now
    changed.schedule = schedule
  end
  if till > schedule.next then
    schedule.next = till
    schedule.remainder = 0
    changed.schedule = schedule
  end
  return stepped
end

-- congestion.py

local function rate_now(ceiling)
  if congestion.cut_rate == NONE then
    return ceiling
  end
  local elapsed = max(0, now - congestion.cut_at) / MICROSECONDS
  local rate
  if congestion.searches == 1 then
    rate = congestion.cut_rate * 2 ^ (min(elapsed, LONGEST_SEARCH) / DOUBLING)
  else
    rate = congestion.cut_rate + congestion.slope * elapsed
  end
  return ceiling and min(ceiling, max(rate, ceiling * FLOOR)) or rate
end

local function turn_second()
  local second = floor(now / MICROSECONDS)
  if second ~= congestion.second then
    congestion.accepted_before = second == congestion.second + 1 and congestion.accepted or 0
    congestion.accepted = 0
    congestion.second = second
  end
end

local function accepted(recipients)
  changed.congestion = congestion
  turn_second()
  congestion.accepted = congestion.accepted + recipients
end

local function cut_unknown(before)
  turn_second()
  local lately = max(congestion.accepted, congestion.accepted_before)
  if not before or lately < before / 2 then
    congestion.searches = 1
    congestion.cut_rate = max(LOWEST, lately)
  else
    congestion.searches = 0
    congestion.cut_rate = max(LOWEST, before * DECREASE)
    congestion.slope = before / RECOVERY
  end
end

local function cut(reserved, ceiling)
  if reserved <= congestion.cut_at and congestion.cut_at <= now then
    return false
  end
  changed.congestion = congestion
  local before = rate_now(ceiling)
  if ceiling then
    if before == 0 then
      before = ceiling
    end
    congestion.cut_rate = max(before * DECREASE, ceiling * FLOOR)
    congestion.slope = ceiling / RECOVERY
    congestion.searches = 0
  else
    cut_unknown(before)
  end
  congestion.cut_at = now
  return true
end

-- daily.py. The count of the newest cell is in the group, and goes to its field when the next one
-- begins: most steps read and write no cell.

local ring, ring_changed = {}, {} -- by place

local function in_cell(cell)
  if cell == daily.last then
    return daily.newest
  end
  local place = cell % CELLS
  if not ring[place] then
    local places, names = {}, {}
    for near = cell, max(cell, min(cell + 23, daily.last - 1)) do
      places[#places + 1] = near % CELLS
      names[#names + 1] = 'c' .. near % CELLS
    end
    for found, recipients in ipairs(redis.call('HMGET', key, unpack(names))) do
      ring[places[found]] = ring[places[found]] or tonumber(recipients or 0)
    end
  end
  return ring[place]
end

local function set_cell(cell, recipients)
  if cell == daily.last then
    daily.newest = recipients
  else
    ring[cell % CELLS] = recipients
    ring_changed[cell % CELLS] = true
  end
end

local function expire(at)
  local first = floor((at - WINDOW) / CELL)
  if daily.first < first and daily.total ~= 0 then
    for cell = daily.first, min(first, daily.last + 1) - 1 do
      local recipients = in_cell(cell)
      if recipients ~= 0 then
        daily.total = daily.total - recipients
        set_cell(cell, 0)
      end
    end
    daily.first = first
    changed.daily = daily
  end
  if at >= daily.others_until and daily.others ~= 0 then
    daily.others = 0
    changed.daily = daily
  end
end

local function count(recipients)
  changed.daily = daily
  local cell = floor(now / CELL)
  if cell > daily.last then
    daily.in_flight_before = cell == daily.last + 1 and daily.in_flight or 0
    daily.in_flight = 0
    expire(cell * CELL)
    local before, newest = daily.last, daily.newest
    daily.last = NONE
    set_cell(before, newest)
    daily.newest = in_cell(cell)
    daily.last = cell
    if daily.total == 0 then
      daily.first = cell
    end
  end
  daily.newest = daily.newest + recipients
  daily.total = daily.total + recipients
  daily.in_flight = daily.in_flight + recipients
  return daily.last
end

local function land(recipients)
  changed.daily = daily
  local earlier = min(recipients, daily.in_flight_before)
  daily.in_flight_before = daily.in_flight_before - earlier
  daily.in_flight = max(0, daily.in_flight - (recipients - earlier))
end

local function release(recipients, cell)
  land(recipients)
  if daily.first <= cell and cell <= daily.last then
    set_cell(cell, in_cell(cell) - recipients)
    daily.total = daily.total - recipients
  end
end

local function confirm(recipients)
  land(recipients)
  daily.confirmed = daily.confirmed + recipients
end

local function used()
  return daily.others + daily.total
end

local function leaving()
  local cell = floor((now - WINDOW) / CELL)
  if cell * CELL ~= now - WINDOW and daily.first <= cell and cell <= daily.last then
    return in_cell(cell)
  end
  return 0
end

local function frees(excess)
  for cell = daily.first, daily.last do
    local recipients = in_cell(cell)
    if recipients ~= 0 then
      excess = excess - recipients
      if excess <= 0 then
        return max(1, (cell + 1) * CELL + WINDOW - now)
      end
    end
  end
  return CELL
end

local function shut_for(recipients, quota)
  if now < daily.closed_until and daily.closed_until <= now + GATE then
    return daily.closed_until - now
  end
  if not quota or quota < 0 then
    return 0
  end
  expire(now)
  local excess = used() + recipients - quota
  return excess > 0 and frees(excess) or 0
end

local function remaining(quota)
  if not quota or quota < 0 then
    return nil
  end
  expire(now)
  return now < daily.closed_until and 0 or max(0, quota - used())
end

-- budget.py

local numbers = #ARGV[3] / 8
local given, taken = { struct.unpack('<' .. string.rep('d', numbers), ARGV[3]) }, 0

local function take()
  taken = taken + 1
  local number = given[taken]
  if number == number then
    return number
  end
end

local answer = {}

local function tell(number)
  answer[#answer + 1] = number or NOTHING
end

local function hear()
  local confirmed, spent, unpaced, cells = take(), take(), take(), take()
  if spent > 0 then
    count(spent)
    confirmed = confirmed + spent
  end
  if confirmed ~= 0 then
    confirm(confirmed)
  end
  for _ = 1, cells do
    local cell, recipients = take(), take()
    release(recipients, cell)
  end
  if unpaced ~= 0 then
    accepted(unpaced)
  end
end

local function tell_slot(category, wait, start, finish, cell)
  tell(category)
  tell(wait / MICROSECONDS)
  tell(start)
  tell(finish)
  tell(cell)
end

local SLOT, SEND_RATE, DAILY_QUOTA = 0, 1, 2

local function reserve(recipients, counted, ceiling, quota, max_wait, bursts)
  if counted ~= 0 then
    local shut = shut_for(counted, quota)
    if shut ~= 0 then
      return tell_slot(DAILY_QUOTA, shut, now, now, 0)
    end
  end
  local rate = rate_now(ceiling)
  local start, finish, wait = now, now, 0
  if rate then
    wait = max(0, schedule.next - (bursts == 1 and tolerance_at(rate) or 0) - now)
    if wait / MICROSECONDS > max_wait then
      return tell_slot(SEND_RATE, wait, now, now, 0)
    end
    start = advance(recipients, max(SLOWEST, round(rate * 1000)))
    finish = schedule.next
  end
  tell_slot(SLOT, wait, start, finish, counted ~= 0 and count(counted) or 0)
end

-- How many processes are there, with the one that says so now.
local function beat(peer)
  local function at(time)
    return string.format('(%.0f', time)
  end
  redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', at(now - BEAT_LASTS))
  redis.call('ZREMRANGEBYSCORE', KEYS[2], at(now + BEAT_LASTS), '+inf') -- the clock was set back
  redis.call('ZADD', KEYS[2], string.format('%.0f', now), peer)
  redis.call('PEXPIRE', KEYS[2], KEPT)
  return redis.call('ZCARD', KEYS[2])
end

local function take_slot()
  local slot = { reserved = take(), start = take(), finish = take(), cell = take() }
  slot.counted, slot.ceiling = take(), take()
  return slot
end

local function release_slot(slot)
  if slot.counted ~= 0 then
    release(slot.counted, slot.cell)
  end
end

local steps = {}

function steps.reserve()
  local earliest, quota = now + take(), nil
  hear()
  local stepped = hold(earliest)
  while taken < numbers do
    local recipients, counted, ceiling = take(), take(), take()
    quota = take()
    reserve(recipients, counted, ceiling, quota, take(), take())
  end
  tell(now)
  tell(remaining(quota))
  tell(ARGV[4] and beat(ARGV[4]) or 0)
  tell(stepped and 1 or 0)
end

steps.hear = hear

function steps.give_back()
  local slot = take_slot()
  if slot.finish > slot.start and schedule.next == slot.finish then
    schedule.next = slot.start
    schedule.remainder = 0
    changed.schedule = schedule
  end
  release_slot(slot)
end

function steps.throttled()
  local slot = take_slot()
  release_slot(slot)
  tell(cut(slot.reserved, slot.ceiling) and rate_now(slot.ceiling))
end

function steps.exhausted()
  release_slot(take_slot())
  daily.closed_until = now + GATE
  changed.daily = daily
end

function steps.turn()
  local interval = take()
  local fresh = inquiry.told + interval * MICROSECONDS - now
  local known = inquiry.rate ~= NONE
  local asks, again = 0, LOOK_AGAIN
  if known and 0 < fresh and fresh <= interval * MICROSECONDS then
    again = fresh / MICROSECONDS
  elseif inquiry.taken == 0 or now < inquiry.taken or now - inquiry.taken >= TURN then
    inquiry.taken = now
    changed.inquiry = inquiry
    asks, again = 1, interval
  end
  tell(known and inquiry.rate)
  tell(inquiry.quota)
  tell(inquiry.sent)
  tell(asks)
  tell(again)
  tell(daily.confirmed)
end

function steps.learn()
  inquiry.rate, inquiry.quota, inquiry.sent = take(), take(), take()
  inquiry.told, inquiry.taken = now, 0
  changed.inquiry = inquiry
  local mark = take()
  expire(now)
  local meanwhile = mark and daily.confirmed - mark or 0
  local in_flight = daily.in_flight + daily.in_flight_before
  daily.others = max(0, inquiry.sent - (daily.total - leaving() - in_flight - meanwhile))
  daily.others_until = now + WINDOW
  if inquiry.quota < 0 or used() < inquiry.quota then
    daily.closed_until = 0
  end
  changed.daily = daily
end

function steps.standing()
  local ceiling, quota = take(), take()
  tell(rate_now(ceiling))
  tell(remaining(quota))
  tell(max(0, schedule.next - now) / MICROSECONDS)
  tell(shut_for(1, quota) / MICROSECONDS)
end

steps[ARGV[1]]()

local fields = {}
for name, group in pairs(changed) do
  fields[#fields + 1] = name
  fields[#fields + 1] = written(name, group)
end
for place in pairs(ring_changed) do
  fields[#fields + 1] = 'c' .. place
  fields[#fields + 1] = string.format('%.0f', ring[place])
end
if fields[1] then
  redis.call('HSET', key, unpack(fields))
  redis.call('PEXPIRE', key, KEPT)
end
return struct.pack('<' .. string.rep('d', #answer), unpack(answer))
