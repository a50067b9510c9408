-- One atomic step of a budget: what budget.py, schedule.py, congestion.py, daily.py and inquiry.py
-- do in Python, by the same names and in the same order. Change them together.
--
-- KEYS[1]  hash: the numbers of the budget as state, the cells of its day as c0 to c288, and as
--          latest, which earlier versions of this script leave alone, when its queue was last used
-- KEYS[2]  sorted set: the processes that use the budget, by the time at which they last said so
-- ARGV[1]  the step
-- ARGV[2]  the time in microseconds; empty for the time of this server
-- ARGV[3]  what the step takes: doubles in little-endian binary, in the order of its take()s
-- ARGV[4]  the process that reserves, if it is to be noted
--
-- Returns what the step tells, in binary as well. Whole numbers are exact below 2^53, in
-- microseconds the year 2255.
--
-- The script is compiled once but defines its functions at every call, which costs the more the
-- more local variables they refer to: hence functions in tables, and the constants in one.

local MICROSECONDS = 1000000
local LIMITS = {
  SLOWEST = 1,
  SET_BACK = 1 * MICROSECONDS,
  HOSTS_DIFFER = 5 * MICROSECONDS,
  TOLERANCE = 100000,
  FULL_TOLERANCE = 10,
  DECREASE = 0.8,
  RECOVERY = 300,
  FLOOR = 0.05,
  DOUBLING = 5,
  LONGEST_SEARCH = 300,
  LOWEST = 1,
  GATE = 600 * MICROSECONDS,
  TURN = 5 * MICROSECONDS,
  LOOK_AGAIN = 0.2,
  BEAT_LASTS = 60 * MICROSECONDS,
  KEPT = 49 * 3600 * 1000, -- milliseconds: the longest wait, a day in the count, and an hour
}
local CELL = 300 * MICROSECONDS
local WINDOW = 24 * 3600 * MICROSECONDS
local CELLS = WINDOW / CELL + 1
local NONE = -1 -- Python's None in the hash, where no number is negative that may be None

local now = tonumber(ARGV[2])
local tolerance = LIMITS.HOSTS_DIFFER
if not now then
  tolerance = LIMITS.SET_BACK
  local time = redis.pcall('TIME')
  if time.err then
    return redis.error_reply('NOTIME the server keeps its time from scripts')
  end
  now = time[1] * MICROSECONDS + time[2]
end

local budget = { changed = false, given = {}, taken = 0, told = {} }
local NUMBERS = 'dddddddddddddddddddddddd'

local kept = redis.call('HMGET', KEYS[1], 'state', 'latest')
local state = kept[1]
if state and #state ~= struct.size(NUMBERS) then
  return redis.error_reply('STATE unreadable')
end
local n = state and { struct.unpack('<' .. NUMBERS, state) }
  or { 0, 0, -1, NONE, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, NONE, 0, 0, 0, 0 }
local schedule = { next = n[1], remainder = n[2], latest = tonumber(kept[2] or 0) }
local congestion = {
  cut_at = n[3], cut_rate = n[4], searches = n[5], slope = n[6], second = n[7], accepted = n[8],
  accepted_before = n[9],
}
local daily = {
  first = n[10], last = n[11], total = n[12], newest = n[13], in_flight = n[14],
  in_flight_before = n[15], confirmed = n[16], others = n[17], others_until = n[18],
  closed_until = n[19], ring = {}, touched = {},
}
local inquiry = { rate = n[20], quota = n[21], sent = n[22], told = n[23], taken = n[24] }

function budget.save()
  if not budget.changed then
    return
  end
  local fields = {
    'state', struct.pack(
      '<' .. NUMBERS, schedule.next, schedule.remainder,
      congestion.cut_at, congestion.cut_rate, congestion.searches, congestion.slope,
      congestion.second, congestion.accepted, congestion.accepted_before,
      daily.first, daily.last, daily.total, daily.newest, daily.in_flight,
      daily.in_flight_before, daily.confirmed, daily.others, daily.others_until,
      daily.closed_until,
      inquiry.rate, inquiry.quota, inquiry.sent, inquiry.told, inquiry.taken
    ),
    'latest', string.format('%.0f', schedule.latest),
  }
  for place in pairs(daily.touched) do
    fields[#fields + 1] = 'c' .. place
    fields[#fields + 1] = string.format('%.0f', daily.ring[place])
  end
  redis.call('HSET', KEYS[1], unpack(fields))
  redis.call('PEXPIRE', KEYS[1], LIMITS.KEPT)
end

-- schedule.py

function schedule.tolerance_at(rate)
  if rate >= LIMITS.FULL_TOLERANCE then
    return LIMITS.TOLERANCE
  end
  return math.floor(LIMITS.TOLERANCE * rate / LIMITS.FULL_TOLERANCE)
end

function schedule.advance(recipients, millirate)
  budget.changed = true
  schedule.latest = now
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

function schedule.hold(till)
  if till > schedule.next then
    schedule.next = till
    schedule.remainder = 0
    budget.changed = true
  end
end

function schedule.follow()
  local back = schedule.latest - now
  if back <= tolerance then
    return 0
  end
  schedule.next = schedule.next - back
  schedule.latest = now
  budget.changed = true
  return back
end

-- congestion.py

function congestion.rate(ceiling)
  if congestion.cut_rate == NONE then
    return ceiling
  end
  local elapsed = math.max(0, now - congestion.cut_at) / MICROSECONDS
  local rate
  if congestion.searches == 1 then
    rate = congestion.cut_rate * 2 ^ (math.min(elapsed, LIMITS.LONGEST_SEARCH) / LIMITS.DOUBLING)
  else
    rate = congestion.cut_rate + congestion.slope * elapsed
  end
  return ceiling and math.min(ceiling, math.max(rate, ceiling * LIMITS.FLOOR)) or rate
end

function congestion.turn()
  local second = math.floor(now / MICROSECONDS)
  if second ~= congestion.second then
    congestion.accepted_before = second == congestion.second + 1 and congestion.accepted or 0
    congestion.accepted = 0
    congestion.second = second
  end
end

function congestion.accept(recipients)
  budget.changed = true
  congestion.turn()
  congestion.accepted = congestion.accepted + recipients
end

function congestion.follow(back)
  if congestion.cut_rate ~= NONE then
    congestion.cut_at = congestion.cut_at - back
  end
end

-- daily.py. The count of the newest cell goes to its field in the hash when the next one begins:
-- most steps neither read nor write a cell. A cell has its place in the ring, as in Python.

function daily.in_cell(cell)
  if cell == daily.last then
    return daily.newest
  end
  local ring = daily.ring
  if not ring[cell % CELLS] then
    local places, names = {}, {}
    -- Who needs one cell that is not the newest often needs those that follow.
    for near = cell, math.max(cell, math.min(cell + 23, daily.last - 1)) do
      places[#places + 1] = near % CELLS
      names[#names + 1] = 'c' .. near % CELLS
    end
    for found, recipients in ipairs(redis.call('HMGET', KEYS[1], unpack(names))) do
      ring[places[found]] = ring[places[found]] or tonumber(recipients or 0)
    end
  end
  return ring[cell % CELLS]
end

function daily.set_cell(cell, recipients)
  if cell == daily.last then
    daily.newest = recipients
  else
    daily.ring[cell % CELLS] = recipients
    daily.touched[cell % CELLS] = true
  end
end

function daily.reserve(recipients)
  budget.changed = true
  local cell = math.floor(now / CELL)
  if cell > daily.last then
    daily.turn(cell)
  elseif cell < daily.last - CELLS + 1 then
    daily.gather(cell)
  end
  daily.newest = daily.newest + recipients
  daily.total = daily.total + recipients
  daily.in_flight = daily.in_flight + recipients
  return daily.last
end

function daily.turn(cell)
  daily.in_flight_before = cell == daily.last + 1 and daily.in_flight or 0
  daily.in_flight = 0
  daily.expire(cell * CELL)
  local place = daily.last % CELLS
  daily.ring[place], daily.touched[place] = daily.newest, true
  daily.last = NONE
  daily.newest = daily.in_cell(cell)
  daily.last = cell
  if daily.total == 0 then
    daily.first = cell
  end
end

function daily.gather(cell)
  for place = 0, CELLS - 1 do
    daily.ring[place], daily.touched[place] = 0, true
  end
  daily.newest, daily.first, daily.last = daily.total, cell, cell
  daily.others_until = math.min(daily.others_until, cell * CELL + WINDOW)
  budget.changed = true
end

function daily.release(recipients, cell)
  daily.land(recipients)
  if daily.first <= cell and cell <= daily.last then
    daily.set_cell(cell, daily.in_cell(cell) - recipients)
    daily.total = daily.total - recipients
  end
end

function daily.confirm(recipients)
  daily.land(recipients)
  daily.confirmed = daily.confirmed + recipients
end

function daily.land(recipients)
  budget.changed = true
  local earlier = math.min(recipients, daily.in_flight_before)
  daily.in_flight_before = daily.in_flight_before - earlier
  daily.in_flight = math.max(0, daily.in_flight - (recipients - earlier))
end

function daily.wait(recipients, quota)
  if now < daily.closed_until and daily.closed_until <= now + LIMITS.GATE then
    return daily.closed_until - now
  end
  if not quota or quota < 0 then
    return 0
  end
  daily.expire(now)
  local excess = daily.used() + recipients - quota
  return excess > 0 and daily.frees(excess) or 0
end

function daily.remaining(quota)
  if not quota or quota < 0 then
    return nil
  end
  daily.expire(now)
  return now < daily.closed_until and 0 or math.max(0, quota - daily.used())
end

function daily.used()
  return daily.others + daily.total
end

function daily.frees(excess)
  for cell = daily.first, daily.last do
    local recipients = daily.in_cell(cell)
    if recipients ~= 0 then
      excess = excess - recipients
      if excess <= 0 then
        return math.max(1, (cell + 1) * CELL + WINDOW - now)
      end
    end
  end
  return CELL
end

function daily.expire(at)
  local first = math.floor((at - WINDOW) / CELL)
  if first < daily.last - 2 * (CELLS - 1) then
    daily.gather(first + CELLS - 1)
  end
  if daily.first < first and daily.total ~= 0 then
    for cell = daily.first, math.min(first, daily.last + 1) - 1 do
      local recipients = daily.in_cell(cell)
      if recipients ~= 0 then
        daily.total = daily.total - recipients
        daily.set_cell(cell, 0)
      end
    end
    daily.first = first
    budget.changed = true
  end
  if at >= daily.others_until and daily.others ~= 0 then
    daily.others = 0
    budget.changed = true
  end
end

-- budget.py, and what a step takes and tells

function budget.take()
  budget.taken = budget.taken + 1
  local number = budget.given[budget.taken]
  if number == number then -- None comes as NaN, which does not equal itself
    return number
  end
end

function budget.tell(format, ...)
  budget.told[#budget.told + 1] = struct.pack(format, ...)
end

function budget.hear()
  local take = budget.take
  local confirmed, spent, accepted, cells = take(), take(), take(), take()
  if spent > 0 then
    daily.reserve(spent)
    confirmed = confirmed + spent
  end
  if confirmed ~= 0 then
    daily.confirm(confirmed)
  end
  for _ = 1, cells do
    local cell, recipients = take(), take()
    daily.release(recipients, cell)
  end
  if accepted ~= 0 then
    congestion.accept(accepted)
  end
end

function budget.follow()
  local back = schedule.follow()
  if back > 0 then
    congestion.follow(back)
  end
  return back > 0
end

function budget.millirate(rate)
  local exact = rate * 1000
  local whole = math.floor(exact)
  local part = exact - whole
  if part > 0.5 or (part == 0.5 and whole % 2 == 1) then -- half to even, as Python rounds
    whole = whole + 1
  end
  return math.max(LIMITS.SLOWEST, whole)
end

local SLOT, SEND_RATE, DAILY_QUOTA = 0, 1, 2

-- A run of demands that are the same; returns their quota.
function budget.reserve_run()
  local take = budget.take
  local run, recipients, counted, ceiling, quota = take(), take(), take(), take(), take()
  local max_wait, bursts = take(), take()
  local rate = congestion.rate(ceiling)
  local tolerance = rate and bursts == 1 and schedule.tolerance_at(rate) or 0
  local millirate = rate and budget.millirate(rate)
  for _ = 1, run do
    local category, start, finish, cell = SLOT, now, now, 0
    local shut = counted ~= 0 and daily.wait(counted, quota) or 0
    local wait = rate and math.max(0, schedule.next - tolerance - now) or 0
    if shut ~= 0 then
      category, wait = DAILY_QUOTA, shut
    elseif wait / MICROSECONDS > max_wait then
      category = SEND_RATE
    else
      if rate then
        start = schedule.advance(recipients, millirate)
        finish = schedule.next
      end
      cell = counted ~= 0 and daily.reserve(counted) or 0
    end
    budget.tell('<i8i8i8i8d', category, start, finish, cell, wait / MICROSECONDS)
  end
  return quota
end

-- How many processes there are, with the one that says so now.
function budget.beat(peer)
  local function beside(time)
    return string.format('(%.0f', time)
  end
  redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', beside(now - LIMITS.BEAT_LASTS))
  redis.call('ZREMRANGEBYSCORE', KEYS[2], beside(now + LIMITS.BEAT_LASTS), '+inf') -- clock set back
  redis.call('ZADD', KEYS[2], string.format('%.0f', now), peer)
  redis.call('PEXPIRE', KEYS[2], LIMITS.KEPT)
  return redis.call('ZCARD', KEYS[2])
end

local NOTHING = 0 / 0

function budget.reserve()
  local earliest, numbers, quota = now + budget.take(), #budget.given, nil
  local stepped = budget.follow()
  budget.hear()
  schedule.hold(earliest)
  while budget.taken < numbers do
    quota = budget.reserve_run()
  end
  local peers = ARGV[4] and budget.beat(ARGV[4]) or 0
  budget.tell('<i8di8i8', now, daily.remaining(quota) or NOTHING, peers, stepped and 1 or 0)
end

-- What is no part of a reservation is defined only where it is needed.
local function other_steps()
  function schedule.give_back(start, finish)
    if schedule.next == finish then
      schedule.next = start
      schedule.remainder = 0
      budget.changed = true
    end
  end

  function congestion.throttled(reserved, ceiling)
    if reserved <= congestion.cut_at and congestion.cut_at <= now then
      return false
    end
    budget.changed = true
    local before = congestion.rate(ceiling)
    if ceiling then
      if before == 0 then
        before = ceiling
      end
      congestion.cut_rate = math.max(before * LIMITS.DECREASE, ceiling * LIMITS.FLOOR)
      congestion.slope = ceiling / LIMITS.RECOVERY
      congestion.searches = 0
    else
      congestion.cut_unknown(before)
    end
    congestion.cut_at = now
    return true
  end

  function congestion.cut_unknown(before)
    congestion.turn()
    local lately = math.max(congestion.accepted, congestion.accepted_before)
    if not before or lately < before / 2 then
      congestion.searches = 1
      congestion.cut_rate = math.max(LIMITS.LOWEST, lately)
    else
      congestion.searches = 0
      congestion.cut_rate = math.max(LIMITS.LOWEST, before * LIMITS.DECREASE)
      congestion.slope = before / LIMITS.RECOVERY
    end
  end

  function daily.learn(sent, quota, mark)
    daily.expire(now)
    local meanwhile = mark and daily.confirmed - mark or 0
    local in_flight = daily.in_flight + daily.in_flight_before
    local included = daily.total - daily.leaving() - in_flight - meanwhile
    daily.others = math.max(0, sent - included)
    daily.others_until = now + WINDOW
    if quota < 0 or daily.used() < quota then
      daily.closed_until = 0
    end
    budget.changed = true
  end

  function daily.leaving()
    local cell = math.floor((now - WINDOW) / CELL)
    if cell * CELL ~= now - WINDOW and daily.first <= cell and cell <= daily.last then
      return daily.in_cell(cell)
    end
    return 0
  end

  function daily.close()
    daily.closed_until = now + LIMITS.GATE
    budget.changed = true
  end

  function budget.take_slot()
    local take = budget.take
    local slot = { reserved = take(), start = take(), finish = take(), cell = take() }
    slot.counted, slot.ceiling = take(), take()
    return slot
  end

  function budget.release(slot)
    if slot.counted ~= 0 then
      daily.release(slot.counted, slot.cell)
    end
  end

  local steps = { hear = budget.hear }

  function steps.give_back()
    local slot = budget.take_slot()
    if slot.finish > slot.start then
      schedule.give_back(slot.start, slot.finish)
    end
    budget.release(slot)
  end

  function steps.throttled()
    local slot = budget.take_slot()
    budget.release(slot)
    local cut = congestion.throttled(slot.reserved, slot.ceiling)
    budget.tell('<d', cut and congestion.rate(slot.ceiling) or NOTHING)
  end

  function steps.exhausted()
    budget.release(budget.take_slot())
    daily.close()
  end

  function steps.turn()
    local interval = budget.take()
    local known = inquiry.rate ~= NONE
    local fresh = inquiry.told + interval * MICROSECONDS - now
    local since = now - inquiry.taken
    local asks, again = 0, LIMITS.LOOK_AGAIN
    if known and 0 < fresh and fresh <= interval * MICROSECONDS then
      again = fresh / MICROSECONDS
    elseif inquiry.taken == 0 or since < 0 or since >= LIMITS.TURN then
      asks, again = 1, interval
      inquiry.taken = now
      budget.changed = true
    end
    local rate = known and inquiry.rate or NOTHING
    budget.tell('<dddddd', rate, inquiry.quota, inquiry.sent, asks, again, daily.confirmed)
  end

  function steps.learn()
    local take = budget.take
    inquiry.rate, inquiry.quota, inquiry.sent = take(), take(), take()
    inquiry.told, inquiry.taken = now, 0
    daily.learn(inquiry.sent, inquiry.quota, take())
  end

  function steps.standing()
    local ceiling, quota = budget.take(), budget.take()
    local rate, remaining = congestion.rate(ceiling), daily.remaining(quota)
    local queue = math.max(0, schedule.next - now) / MICROSECONDS
    local shut = daily.wait(1, quota) / MICROSECONDS
    budget.tell('<dddd', rate or NOTHING, remaining or NOTHING, queue, shut)
  end

  return steps
end

local numbers = #ARGV[3] / 8
budget.given = { struct.unpack('<' .. string.rep('d', numbers), ARGV[3]) }
budget.given[numbers + 1] = nil -- where the next one would begin
local step = ARGV[1] == 'reserve' and budget.reserve or other_steps()[ARGV[1]]
step()
budget.save()
return table.concat(budget.told)
