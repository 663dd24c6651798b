// The module is its header: the functions themselves are libcrypto's and libcrypt's. A C target needs one source.
#include "CCrypto.h"
