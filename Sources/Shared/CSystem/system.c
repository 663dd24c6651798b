#define _GNU_SOURCE
#include "CSystem.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/uio.h>
#include <unistd.h>

int otp_epoll_control(int epoll, int operation, int fd, uint32_t events, uint64_t token) {
    struct epoll_event event = {.events = events, .data = {.u64 = token}};
    return epoll_ctl(epoll, operation, fd, &event);
}

int otp_epoll_wait(int epoll, struct otp_ready *ready, int capacity, int milliseconds) {
    struct epoll_event events[256];
    int count = epoll_wait(epoll, events, capacity < 256 ? capacity : 256, milliseconds);
    for (int i = 0; i < count; i++) {
        ready[i].events = events[i].events;
        ready[i].token = events[i].data.u64;
    }
    return count;
}

int otp_event_create(void) {
    return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
}

void otp_event_signal(int event) {
    uint64_t one = 1;
    while (write(event, &one, sizeof one) < 0 && errno == EINTR) {
    }
}

void otp_event_clear(int event) {
    uint64_t value;
    while (read(event, &value, sizeof value) < 0 && errno == EINTR) {
    }
}

int otp_accept(int listener, struct sockaddr_storage *address, socklen_t *length) {
    int fd = accept4(listener, (struct sockaddr *)address, length, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0) {
        int on = 1;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }
    return fd;
}

ssize_t otp_send(int socket, const void *first, size_t first_count, const void *second, size_t second_count) {
    struct iovec pieces[2] = {
        {.iov_base = (void *)first, .iov_len = first_count},
        {.iov_base = (void *)second, .iov_len = second_count},
    };
    struct msghdr message = {.msg_iov = pieces, .msg_iovlen = second_count > 0 ? 2 : 1};
    return sendmsg(socket, &message, MSG_NOSIGNAL);
}

void otp_release_memory(void) {
    malloc_trim(0);
}

static int signal_pipe[2] = {-1, -1};
static unsigned exit_seconds;
static int exit_code;
static atomic_flag exit_begun = ATOMIC_FLAG_INIT;

static void exit_now(int number) {
    (void)number;
    _exit(exit_code);
}

int otp_exit_within(unsigned seconds, int code) {
    struct sigaction action = {.sa_handler = exit_now};
    sigemptyset(&action.sa_mask);
    exit_seconds = seconds;
    exit_code = code;
    return sigaction(SIGALRM, &action, NULL);
}

void otp_exit_begin(void) {
    if (exit_seconds > 0 && !atomic_flag_test_and_set(&exit_begun)) {
        alarm(exit_seconds);
    }
}

static void put_into_pipe(int number) {
    int before = errno;
    otp_exit_begin();
    unsigned char byte = (unsigned char)number;
    // A full pipe holds thousands already.
    ssize_t ignored = write(signal_pipe[1], &byte, 1);
    (void)ignored;
    errno = before;
}

int otp_signal_pipe(void) {
    if (signal_pipe[0] < 0 && pipe2(signal_pipe, O_CLOEXEC | O_NONBLOCK) < 0) {
        return -1;
    }
    return signal_pipe[0];
}

int otp_signal_catch(int number) {
    struct sigaction action = {.sa_handler = put_into_pipe, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    return sigaction(number, &action, NULL);
}
