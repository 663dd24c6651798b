// librdkafka's mock brokers bind to port 0. This module's `bind` takes libc's place in the executables that link it and
// gives a port that was set beforehand to the next such socket of the same thread; all else passes through unchanged.
#ifndef C_MOCK_PORT_H
#define C_MOCK_PORT_H
#include <stdint.h>

// The port for the next bind to port 0 on this thread; 0 takes it back. Returns what was still unused.
uint16_t otp_mock_next_port(uint16_t port);

// 0 when the loopback port can be bound now, else errno.
int otp_mock_port_problem(uint16_t port);

#endif
