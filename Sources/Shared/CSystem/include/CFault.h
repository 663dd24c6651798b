// Signals that a thread raises by its own doing (a trap, a bad access, abort): whoever watches is told what the thread was
// working on before the process ends of it as it would have. Nothing of Swift runs in the handler.
#ifndef OTP_CFAULT_H
#define OTP_CFAULT_H
#include <stdint.h>

struct otp_fault {
    int64_t place;
    int32_t number;
};

// Catches them from now on; again does nothing. -1 with errno where that can't be.
int otp_fault_install(void);

// What this thread works on from now on, a number of the caller's; until it leaves.
void otp_fault_enter(int64_t place);
void otp_fault_leave(void);

// The calling thread watches: a fault of its own ends the process at once. Waits for a fault; 0 once there is one.
int otp_fault_await(struct otp_fault *fault);

// Everything that can be done about the faults so far has been done.
void otp_fault_noted(void);

#endif
