// SPDX-License-Identifier: MIT
/*
 * What the library that the program is linked with offers: one of each kind of symbol that a dynamic linker has to bind.
 */
#ifndef TESTS_DYNAMIC_COUNTER_H
#define TESTS_DYNAMIC_COUNTER_H

extern int counter_value;              /* data: the library's, and the program's, are one */
extern _Thread_local int counter_mine; /* each thread's own, 7 at first */
extern const char *const counter_names[];

int counter_add(int amount); /* to counter_value; and what it is now */
int *counter_address(void);  /* of counter_value, as the library sees it */
int *counter_mine_address(void);

/* The program's: what the library calls back. */
int counter_double(int amount);

#endif
