// SPDX-License-Identifier: MIT
// Calls: setreuid32, setregid32
/* Real and effective change places; the saved one follows. */
#include "tests/abi/calls/show.h"

int main(void) {
    uid_t one, two, three;
    SHOW(setregid(7, 8));
    SHOW(setreuid(5, 6));
    getresuid(&one, &two, &three);
    printf("%u %u %u\n", one, two, three);
    SHOW(setreuid(6, 5));
    getresuid(&one, &two, &three);
    printf("%u %u %u\n", one, two, three);
    getresgid(&one, &two, &three);
    printf("%u %u %u\n", one, two, three);
    SHOW(setreuid(-1, 7));
    SHOW(setregid(-1, 9));
    return 0;
}
