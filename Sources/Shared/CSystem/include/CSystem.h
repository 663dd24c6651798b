// What glibc has and its Swift module lacks: epoll, eventfd, accept4, malloc_trim, one gathering send that raises no
// SIGPIPE, and a signal handler, which must not run Swift.
// Every function returns what the system call returns; errno is set as usual.
#ifndef OTP_CSYSTEM_H
#define OTP_CSYSTEM_H
#include "CFault.h"
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

// One ready file descriptor: epoll's event bits and the token it was registered with.
struct otp_ready {
    uint32_t events;
    uint64_t token;
};

// Adds (EPOLL_CTL_ADD), modifies or deletes a descriptor of an epoll instance.
int otp_epoll_control(int epoll, int operation, int fd, uint32_t events, uint64_t token);

// Waits at most `milliseconds` (-1: for ever) for at most `capacity` (up to 256) ready descriptors.
int otp_epoll_wait(int epoll, struct otp_ready *ready, int capacity, int milliseconds);

// A non-blocking eventfd, closed on exec; signal and clear never block.
int otp_event_create(void);
void otp_event_signal(int event);
void otp_event_clear(int event);

// Accepts one connection as a non-blocking socket with TCP_NODELAY, closed on exec.
int otp_accept(int listener, struct sockaddr_storage *address, socklen_t *length);

// Sends two pieces in one call, without SIGPIPE; the second may be empty.
ssize_t otp_send(int socket, const void *first, size_t first_count, const void *second, size_t second_count);

// Gives the free pages of the heap back to the system: after work that took much memory for a moment.
void otp_release_memory(void);

// The reading end, non-blocking, of the one pipe into which caught signals are put as a byte each: their numbers.
int otp_signal_pipe(void);

// The first caught signal from now on, or otp_exit_begin, leaves the process that many seconds: then the kernel has it exit with
// that code, whatever its threads are waiting for.
int otp_exit_within(unsigned seconds, int code);
void otp_exit_begin(void);

// From now on that signal goes into the pipe. To be called after otp_signal_pipe.
int otp_signal_catch(int number);

#endif
