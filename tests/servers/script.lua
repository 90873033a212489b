-- What a script runtime is used for: the same output on Linux and in a tenant, or something is wrong.

local function show(...) print(...) end

-- Coroutines: a producer, a filter, a consumer; and errors that cross them.
local function numbers(most)
  return coroutine.wrap(function() for n = 1, most do coroutine.yield(n) end end)
end
local function primes(most)
  return coroutine.wrap(function()
    local found = {}
    for n in numbers(most) do
      local is_prime = n > 1
      for _, p in ipairs(found) do if n % p == 0 then is_prime = false break end end
      if is_prime then found[#found + 1] = n coroutine.yield(n) end
    end
  end)
end
local sum, count = 0, 0
for p in primes(2000) do sum, count = sum + p, count + 1 end
show("primes", count, sum)
local failing = coroutine.create(function() coroutine.yield(1) error({code = 7}) end)
show(coroutine.resume(failing))
local good, thrown = coroutine.resume(failing)
show(good, thrown.code, coroutine.status(failing))

-- io: files of every mode, lines, numbers, seek; pipes from and to programs.
local name = os.tmpname()
local file = assert(io.open(name, "w+"))
file:setvbuf("full", 512)
for n = 1, 5000 do file:write(n, " ", math.floor(n ^ 2), "\n") end
show("written", file:seek("cur"), file:seek("set", 0))
show(file:read("n", "n", "l", "L"))
file:close()
local lines, last = 0
for line in io.lines(name) do lines, last = lines + 1, line end
show("lines", lines, last)
local appended = assert(io.open(name, "a+b"))
appended:write("end")
appended:seek("end", -3)
show(appended:read("a"))
appended:close()
show(io.open("/no/such/file"))
local pipe = assert(io.popen("sort -rn | head -n 3 > " .. name .. ".sorted", "w"))
for n = 1, 100 do pipe:write(n * 37 % 101, "\n") end
show("pipe", pipe:close())
show((assert(io.popen("cat " .. name .. ".sorted; exit 3")):read("a"):gsub("\n", " ")))
show("status", io.popen("exit 3"):close())

-- os: names, time, the environment, other programs.
show("rename", os.rename(name, name .. ".moved"), (os.rename(name, name .. ".moved")))
show("remove", os.remove(name .. ".moved"), os.remove(name .. ".sorted"))
show(select(3, os.remove(name)))
show(os.date("!%Y-%m-%d %H:%M:%S", 86400 * 365), os.time({year = 2000, month = 1, day = 1, hour = 12}) > 9e8)
show(os.getenv("NO_SUCH_VARIABLE"), os.execute("exit 5"))
show("killed", os.execute("kill -9 $$"))
show(os.clock() >= 0, os.difftime(5, 3))

-- Memory: a lot of garbage, weak tables, finalizers.
local weak = setmetatable({}, {__mode = "k"})
local finalized = 0
for _ = 1, 200 do
  local key = setmetatable({}, {__gc = function() finalized = finalized + 1 end})
  weak[key] = string.rep("x", 10000)
end
collectgarbage()
collectgarbage()
show("collected", finalized, next(weak))
show(string.format("%q %5.2f %x", "a\nb\0c", math.pi, 48879), utf8.char(8364, 120171), #utf8.char(120171))
show(pcall(string.rep, "x", 1 << 40))
