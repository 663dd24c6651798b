#define _GNU_SOURCE
#include "CFault.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

// How long a thread waits for its fault to be noted, in milliseconds.
enum { patience = 3000, stack_size = 64 * 1024 };

static const int caught[] = {SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT};
static struct sigaction before[NSIG];
static int faults[2] = {-1, -1};
static int noted = -1;
static pthread_key_t stack_key;

static _Thread_local volatile int64_t place = -1;
static _Thread_local volatile int is_watching;
static _Thread_local int has_stack;

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static void await_note(void) {
    int64_t end = now() + patience;
    for (;;) {
        int64_t left = end - now();
        struct pollfd answer = {.fd = noted, .events = POLLIN};
        if (left <= 0 || poll(&answer, 1, (int)left) > 0) {
            return;
        }
    }
}

static void on_fault(int number, siginfo_t *info, void *context) {
    (void)context;
    int error = errno;
    // From the kernel, or from this process itself (abort): what others send is nobody's message's fault.
    int is_own = info->si_code > 0 || (info->si_code == SI_TKILL && info->si_pid == getpid());
    if (is_own && place >= 0 && !is_watching) {
        struct otp_fault fault = {.place = place, .number = number};
        place = -1;
        if (write(faults[1], &fault, sizeof fault) == sizeof fault) {
            await_note();
        }
    }
    // As if nobody had caught it: the instruction is met again, or the signal sent again.
    sigaction(number, &before[number], NULL);
    if (info->si_code <= 0 || number == SIGTRAP) {
        raise(number);
    }
    errno = error;
}

// A thread that has used up its stack needs another one to say so.
static void drop_stack(void *stack) {
    stack_t none = {.ss_flags = SS_DISABLE};
    sigaltstack(&none, NULL);
    munmap(stack, stack_size);
}

static void take_stack(void) {
    has_stack = 1;
    stack_t known;
    if (sigaltstack(NULL, &known) != 0 || !(known.ss_flags & SS_DISABLE)) {
        return;
    }
    void *memory = mmap(NULL, stack_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) {
        return;
    }
    stack_t stack = {.ss_sp = memory, .ss_size = stack_size};
    if (sigaltstack(&stack, NULL) != 0 || pthread_setspecific(stack_key, memory) != 0) {
        drop_stack(memory);
    }
}

int otp_fault_install(void) {
    if (faults[0] >= 0) {
        return 0;
    }
    noted = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (noted < 0 || pthread_key_create(&stack_key, drop_stack) != 0 || pipe2(faults, O_CLOEXEC) != 0) {
        return -1;
    }
    struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof caught / sizeof *caught; i++) {
        if (sigaction(caught[i], &action, &before[caught[i]]) != 0) {
            return -1;
        }
    }
    return 0;
}

void otp_fault_enter(int64_t number) {
    if (faults[0] >= 0 && !has_stack) {
        take_stack();
    }
    place = number;
}

void otp_fault_leave(void) {
    place = -1;
}

int otp_fault_await(struct otp_fault *fault) {
    is_watching = 1;
    for (;;) {
        ssize_t count = read(faults[0], fault, sizeof *fault);
        if (count == sizeof *fault) {
            return 0;
        }
        if (count >= 0 || errno != EINTR) {
            return -1;
        }
    }
}

void otp_fault_noted(void) {
    struct pollfd more = {.fd = faults[0], .events = POLLIN};
    // Another thread's fault has its turn first.
    if (poll(&more, 1, 0) > 0) {
        return;
    }
    uint64_t one = 1;
    ssize_t ignored = write(noted, &one, sizeof one);
    (void)ignored;
}
