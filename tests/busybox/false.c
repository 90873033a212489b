// SPDX-License-Identifier: MIT
/* A `false` that is false whatever it is called; one of busybox's applets goes by the name that it is called by. */
int main(void) {
    return 1;
}
