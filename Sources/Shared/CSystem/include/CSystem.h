#ifndef OTP_CSYSTEM_H
#define OTP_CSYSTEM_H
#include <sys/epoll.h>
#include <sys/eventfd.h>
#endif
