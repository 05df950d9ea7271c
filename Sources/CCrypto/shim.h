// The bridge to libcrypto: what keys are kept and requests are signed with. The journal's SHA-256 has a bridge of its own
// (CJournal), because it wants the plain functions, which are called deprecated.
#ifndef CCRYPTO_SHIM_H
#define CCRYPTO_SHIM_H

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rand.h>

// The lengths of the nonce and the tag of GCM, which Swift sees as controls with untyped pointers.
static inline int ccrypto_gcm_tag(EVP_CIPHER_CTX *context, void *tag, int count) {
    return EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, count, tag);
}

static inline int ccrypto_gcm_expect_tag(EVP_CIPHER_CTX *context, const void *tag, int count) {
    return EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, count, (void *)tag);
}

// A key that needs a pass phrase of its own is not asked for one at the terminal: it is not read.
static inline int ccrypto_no_passphrase(char *buffer, int size, int isForWriting, void *owner) {
    (void)buffer, (void)size, (void)isForWriting, (void)owner;
    return -1;
}

// The private key of a PEM text, or NULL; nothing is left in the queue of errors.
static inline EVP_PKEY *ccrypto_private_key(const void *pem, int count) {
    BIO *source = BIO_new_mem_buf(pem, count);
    if (source == NULL) return NULL;
    EVP_PKEY *key = PEM_read_bio_PrivateKey(source, NULL, ccrypto_no_passphrase, NULL);
    BIO_free(source);
    ERR_clear_error();
    return key;
}

#endif
