-- A module in C, and one that is not there.

local digits = require "digits"
print(digits == require "digits", digits.sum(0), digits.sum(1234567890123))
local seen = {}
digits.each(2022, function(digit) seen[#seen + 1] = digit end)
print(table.concat(seen, " "))

-- Errors cross the module: its own, Lua's within it, and what a coroutine makes of them.
print(pcall(digits.sum, -1))
print(pcall(digits.sum, "ten"))
print(select(2, pcall(digits.each, 57, function(digit) error({digit = digit}) end)).digit)
print(pcall(digits.each, 55, function() error("in the middle", 0) end))
local routine = coroutine.create(function() digits.each(7, coroutine.yield) end)
print(coroutine.resume(routine))

print(pcall(require, "nowhere") == false)
print(package.loadlib("/nowhere.so", "luaopen_nowhere") == nil, select(3, package.loadlib("/nowhere.so", "*")))
