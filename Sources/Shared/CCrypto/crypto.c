// Header-only: the few prototypes of libcrypto and libcrypt that Security uses.
