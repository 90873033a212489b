// SPDX-License-Identifier: MIT
/*
 * See scancode.h.
 *
 * A key is a character key (the tables), a modifier (a flag), or a function key, which sends
 * ESC [ n ~ or ESC [ letter; with modifiers ESC [ n ; m ~ or ESC [ 1 ; m letter, where m is
 * 1 + shift + 2 alt + 4 control. F1 to F4 send ESC O letter.
 */
#include "drivers/console/console/scancode.h"

#define ESCAPE   0x1B
#define RELEASED 0x80

#define KEY_CONTROL     0x1D
#define KEY_LEFT_SHIFT  0x2A
#define KEY_RIGHT_SHIFT 0x36
#define KEY_ALT         0x38
#define KEY_SPACE       0x39
#define KEY_CAPS_LOCK   0x3A
#define KEY_F1          0x3B
#define KEY_F10         0x44
#define KEY_NUMBER_LOCK 0x45
#define KEY_PAD_FIRST   0x47
#define KEY_PAD_LAST    0x53
#define KEY_F11         0x57
#define KEY_F12         0x58
#define KEY_SLASH       0x35
#define KEY_ENTER       0x1C
#define KEY_TAB         0x0F

static const char plain[KEY_SPACE + 1] = "\0\x1b"
                                         "1234567890-=\x7f"
                                         "\tqwertyuiop[]\r"
                                         "\0asdfghjkl;'`"
                                         "\0\\zxcvbnm,./"
                                         "\0*\0 ";
static const char shifted[KEY_SPACE + 1] = "\0\x1b"
                                           "!@#$%^&*()_+\x7f"
                                           "\tQWERTYUIOP{}\r"
                                           "\0ASDFGHJKL:\"~"
                                           "\0|ZXCVBNM<>?"
                                           "\0*\0 ";
static const char pad_digits[] = "789-456+1230.";

/* The keys of the number pad without number lock, and the grey ones: a letter or a number. */
static const struct {
    char letter;
    uint8_t number;
} pad_function[] = {{'H', 0}, {'A', 0}, {0, 5},   {0, 0}, {'D', 0}, {'E', 0}, {'C', 0},
                    {0, 0},   {'F', 0}, {'B', 0}, {0, 6}, {0, 2},   {0, 3}};

static const uint8_t function_number[] = {11, 12, 13, 14, 15, 17, 18, 19, 20, 21, 23, 24};

struct output {
    uint8_t *bytes;
    uint32_t count;
};

static void put(struct output *output, char character) {
    if (output->count < SCANCODE_BYTES)
        output->bytes[output->count++] = (uint8_t)character;
}

static bool shift_of(const struct scancode_state *state) {
    return state->left_shift || state->right_shift;
}

static bool control_of(const struct scancode_state *state) {
    return state->left_control || state->right_control;
}

static bool alt_of(const struct scancode_state *state) {
    return state->left_alt || state->right_alt;
}

static void put_number(struct output *output, uint32_t number) {
    if (number >= 10)
        put(output, (char)('0' + number / 10));
    put(output, (char)('0' + number % 10));
}

/* ESC [ number ; modifiers final, with what is not needed left out. */
static void put_sequence(const struct scancode_state *state, struct output *output, uint32_t number,
                         char final) {
    uint32_t modifiers = shift_of(state) + 2u * alt_of(state) + 4u * control_of(state);
    put(output, ESCAPE);
    put(output, '[');
    if (modifiers != 0 && number == 0)
        number = 1;
    if (number != 0)
        put_number(output, number);
    if (modifiers != 0) {
        put(output, ';');
        put_number(output, modifiers + 1);
    }
    put(output, final);
}

static void put_function(const struct scancode_state *state, struct output *output,
                         uint32_t index) {
    bool modified = shift_of(state) || alt_of(state) || control_of(state);
    if (index >= 4) {
        put_sequence(state, output, function_number[index], '~');
    } else if (modified) {
        put_sequence(state, output, 0, (char)('P' + index));
    } else {
        put(output, ESCAPE);
        put(output, 'O');
        put(output, (char)('P' + index));
    }
}

static void put_pad(const struct scancode_state *state, struct output *output, uint8_t key) {
    uint32_t index = (uint32_t)(key - KEY_PAD_FIRST);
    char letter = pad_function[index].letter;
    uint32_t number = pad_function[index].number;
    bool is_sign = pad_digits[index] == '-' || pad_digits[index] == '+';
    if (!state->extended && (is_sign || state->number_lock))
        put(output, pad_digits[index]);
    else if (letter != 0)
        put_sequence(state, output, 0, letter);
    else if (number != 0)
        put_sequence(state, output, number, '~');
}

/* Control and a character: the codes 0 to 31 for @ to _ and the letters, DEL for ?. */
static char with_control(char character) {
    if (character >= 'a' && character <= 'z')
        return (char)(character - 'a' + 1);
    if (character >= '@' && character <= '_')
        return (char)(character - '@');
    switch (character) {
    case ' ':
    case '2':
        return 0;
    case '6':
        return 0x1E;
    case '-':
    case '/':
        return 0x1F;
    case '?':
        return 0x7F;
    case 0x7F:
        return 0x08;
    default:
        return character;
    }
}

static void put_character(const struct scancode_state *state, struct output *output, uint8_t key) {
    char character = plain[key];
    if (character == 0)
        return;
    bool is_letter = character >= 'a' && character <= 'z';
    if (key == KEY_TAB && shift_of(state)) {
        put(output, ESCAPE);
        put(output, '[');
        put(output, 'Z');
        return;
    }
    if (shift_of(state) != (is_letter && state->caps_lock))
        character = shifted[key];
    if (control_of(state))
        character = with_control(character);
    if (alt_of(state))
        put(output, ESCAPE);
    put(output, character);
}

/* Answers whether the key is a modifier; if so, notes its state. */
static bool take_modifier(struct scancode_state *state, uint8_t key, bool down) {
    switch (key) {
    case KEY_CONTROL:
        *(state->extended ? &state->right_control : &state->left_control) = down;
        return true;
    case KEY_ALT:
        *(state->extended ? &state->right_alt : &state->left_alt) = down;
        return true;
    case KEY_LEFT_SHIFT:
        if (!state->extended) /* E0 2A is a shift that the keyboard makes up around grey keys */
            state->left_shift = down;
        return true;
    case KEY_RIGHT_SHIFT:
        if (!state->extended)
            state->right_shift = down;
        return true;
    case KEY_CAPS_LOCK:
        state->caps_lock ^= down;
        return true;
    case KEY_NUMBER_LOCK:
        state->number_lock ^= down;
        return true;
    default:
        return false;
    }
}

static void take_key(const struct scancode_state *state, struct output *output, uint8_t key) {
    if (key >= KEY_PAD_FIRST && key <= KEY_PAD_LAST)
        put_pad(state, output, key);
    else if (key >= KEY_F1 && key <= KEY_F10)
        put_function(state, output, (uint32_t)(key - KEY_F1));
    else if (key == KEY_F11 || key == KEY_F12)
        put_function(state, output, (uint32_t)(key - KEY_F11 + 10));
    else if (key <= KEY_SPACE && (!state->extended || key == KEY_ENTER || key == KEY_SLASH))
        put_character(state, output, key);
}

uint32_t scancode_decode(struct scancode_state *state, uint8_t scancode,
                         uint8_t bytes[SCANCODE_BYTES]) {
    struct output output = {bytes, 0};
    if (state->skip > 0) {
        state->skip--;
        return 0;
    }
    if (scancode == 0xE0) {
        state->extended = true;
        return 0;
    }
    if (scancode == 0xE1) {
        state->skip = 2;
        return 0;
    }
    bool down = !(scancode & RELEASED);
    uint8_t key = scancode & (uint8_t)~RELEASED;
    if (!take_modifier(state, key, down) && down)
        take_key(state, &output, key);
    state->extended = false;
    return output.count;
}
