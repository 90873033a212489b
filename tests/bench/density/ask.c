// SPDX-License-Identifier: MIT
/*
 * Asks the web server of its own tenant for a page, and prints what it answers: `ask PATH`. It has next to no memory of
 * its own, for what it needs the tenant has to have beside its server.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PORT 80

static void say(int to, const char *text) {
    write(to, text, strlen(text));
}

int main(int count, char **words) {
    struct sockaddr_in server = {.sin_family = AF_INET, .sin_port = htons(PORT)};
    char bytes[512];
    ssize_t some;
    int connection = socket(AF_INET, SOCK_STREAM, 0);

    server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (count != 2 || connect(connection, (struct sockaddr *)&server, sizeof server) != 0)
        return 1;
    say(connection, "GET ");
    say(connection, words[1]);
    say(connection, " HTTP/1.0\r\n\r\n");
    while ((some = read(connection, bytes, sizeof bytes)) > 0)
        write(STDOUT_FILENO, bytes, (size_t)some);
    return some == 0 ? 0 : 1;
}
