#ifndef OTP_CCRYPTO_H
#define OTP_CCRYPTO_H
#include <crypt.h>
#endif
