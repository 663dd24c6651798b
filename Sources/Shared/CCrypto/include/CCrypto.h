// The few prototypes of libcrypto 3 that Security uses, declared by hand from the manual pages of OpenSSL 3.0 (HMAC(3),
// EVP_DigestInit(3), EVP_EncryptInit(3), RAND_bytes(3), CRYPTO_memcmp(3)): the runtime library comes with librdkafka,
// its development package is not needed. All of them are stable API of the 3.x series. libcrypt's crypt_r and
// crypt_gensalt_rn come from its own header.
#ifndef OTP_CCRYPTO_H
#define OTP_CCRYPTO_H

#include <crypt.h>
#include <stddef.h>

typedef struct evp_md_st EVP_MD;
typedef struct evp_cipher_st EVP_CIPHER;
typedef struct evp_cipher_ctx_st EVP_CIPHER_CTX;
typedef struct engine_st ENGINE;

// Numbers of evp.h for EVP_CIPHER_CTX_ctrl.
enum {
    OTP_GCM_SET_TAG = 0x11,
    OTP_GCM_GET_TAG = 0x10,
};

const EVP_MD *EVP_sha1(void);
const EVP_MD *EVP_sha256(void);
int EVP_Digest(const void *data, size_t count, unsigned char *md, unsigned int *size, const EVP_MD *type,
               ENGINE *implementation);
unsigned char *HMAC(const EVP_MD *type, const void *key, int keyLength, const unsigned char *data, size_t count,
                    unsigned char *md, unsigned int *size);

const EVP_CIPHER *EVP_aes_256_gcm(void);
EVP_CIPHER_CTX *EVP_CIPHER_CTX_new(void);
void EVP_CIPHER_CTX_free(EVP_CIPHER_CTX *context);
int EVP_CIPHER_CTX_ctrl(EVP_CIPHER_CTX *context, int type, int argument, void *pointer);
int EVP_EncryptInit_ex(EVP_CIPHER_CTX *context, const EVP_CIPHER *type, ENGINE *implementation,
                       const unsigned char *key, const unsigned char *nonce);
int EVP_EncryptUpdate(EVP_CIPHER_CTX *context, unsigned char *out, int *outLength, const unsigned char *in,
                      int inLength);
int EVP_EncryptFinal_ex(EVP_CIPHER_CTX *context, unsigned char *out, int *outLength);
int EVP_DecryptInit_ex(EVP_CIPHER_CTX *context, const EVP_CIPHER *type, ENGINE *implementation,
                       const unsigned char *key, const unsigned char *nonce);
int EVP_DecryptUpdate(EVP_CIPHER_CTX *context, unsigned char *out, int *outLength, const unsigned char *in,
                      int inLength);
int EVP_DecryptFinal_ex(EVP_CIPHER_CTX *context, unsigned char *out, int *outLength);

int RAND_bytes(unsigned char *buffer, int count);
int CRYPTO_memcmp(const void *a, const void *b, size_t count);
void OPENSSL_cleanse(void *pointer, size_t count);

#endif
