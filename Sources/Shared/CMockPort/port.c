#define _GNU_SOURCE
#include "CMockPort.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static _Thread_local uint16_t next_port;

uint16_t otp_mock_next_port(uint16_t port) {
    uint16_t unused = next_port;
    next_port = port;
    return unused;
}

// The system call itself, because the name `bind` is ours here.
int bind(int fd, const struct sockaddr *address, socklen_t length) {
    struct sockaddr_in fixed;
    if (next_port != 0 && address->sa_family == AF_INET && length >= sizeof(fixed)) {
        fixed = *(const struct sockaddr_in *)address;
        if (fixed.sin_port == 0) {
            fixed.sin_port = htons(next_port);
            next_port = 0;
            return (int)syscall(SYS_bind, fd, &fixed, sizeof(fixed));
        }
    }
    return (int)syscall(SYS_bind, fd, address, length);
}

int otp_mock_port_problem(uint16_t port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0) return errno;
    int on = 1;
    int problem = 0;
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0 ||
        syscall(SYS_bind, fd, &address, sizeof(address)) != 0 || listen(fd, 1) != 0)
        problem = errno;
    close(fd);
    return problem;
}
