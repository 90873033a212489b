// SPDX-License-Identifier: MIT
/*
 * A module in C for a Lua that is linked when it starts: `require "digits"` loads it. It calls back into Lua's library, whose
 * functions it finds in the program that loads it, and throws errors through it.
 */
#include <lauxlib.h>
#include <lua.h>

/* digits.sum(n): of its decimal digits. */
static int sum(lua_State *lua) {
    lua_Integer number = luaL_checkinteger(lua, 1), total = 0;
    luaL_argcheck(lua, number >= 0, 1, "below zero");
    for (; number > 0; number /= 10)
        total += number % 10;
    lua_pushinteger(lua, total);
    return 1;
}

/* digits.each(n, f): calls f with each digit, from the last. */
static int each(lua_State *lua) {
    lua_Integer number = luaL_checkinteger(lua, 1);
    luaL_checktype(lua, 2, LUA_TFUNCTION);
    for (; number > 0; number /= 10) {
        lua_pushvalue(lua, 2);
        lua_pushinteger(lua, number % 10);
        lua_call(lua, 1, 0);
    }
    return 0;
}

int luaopen_digits(lua_State *lua);

int luaopen_digits(lua_State *lua) {
    static const luaL_Reg functions[] = {{"sum", sum}, {"each", each}, {NULL, NULL}};
    luaL_newlib(lua, functions);
    return 1;
}
