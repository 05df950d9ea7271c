// The bridge to what the stand-in exchange needs of libcrypto: HMAC, Ed25519, random bytes, a certificate of its own.
// Every function returns 1 (or a length above 0) when it did what it says, and 0 when it could not.
#ifndef CSTANDIN_SHIM_H
#define CSTANDIN_SHIM_H

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stddef.h>
#include <string.h>

static inline int standin_random(void *bytes, size_t count) { return RAND_bytes((unsigned char *)bytes, (int)count) == 1; }

// HMAC-SHA256; `digest` has 32 bytes.
static inline int standin_hmac_sha256(
    const void *key, size_t key_count, const void *bytes, size_t count, unsigned char *digest) {
    unsigned int length = 0;
    return HMAC(EVP_sha256(), key, (int)key_count, (const unsigned char *)bytes, count, digest, &length) != NULL &&
           length == 32;
}

// The public key (32 bytes) of a private one (32 bytes).
static inline int standin_ed25519_public(const unsigned char *seed, unsigned char *out) {
    EVP_PKEY *key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, 32);
    size_t count = 32;
    int done = key != NULL && EVP_PKEY_get_raw_public_key(key, out, &count) == 1 && count == 32;
    EVP_PKEY_free(key);
    return done;
}

// Signs with a private key of 32 bytes; `signature` has 64 bytes.
static inline int standin_ed25519_sign(
    const unsigned char *seed, const void *bytes, size_t count, unsigned char *signature) {
    EVP_PKEY *key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, 32);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    size_t length = 64;
    int done = key != NULL && context != NULL && EVP_DigestSignInit(context, NULL, NULL, NULL, key) == 1 &&
               EVP_DigestSign(context, signature, &length, (const unsigned char *)bytes, count) == 1;
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(key);
    return done;
}

// Whether a signature (64 bytes) is that of a public key (32 bytes) over the bytes.
static inline int standin_ed25519_verify(
    const unsigned char *public_key, const void *bytes, size_t count, const unsigned char *signature) {
    EVP_PKEY *key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, public_key, 32);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    int valid = key != NULL && context != NULL && EVP_DigestVerifyInit(context, NULL, NULL, NULL, key) == 1 &&
                EVP_DigestVerify(context, signature, 64, (const unsigned char *)bytes, count) == 1;
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(key);
    return valid;
}

// Copies what a memory BIO holds; the length, or 0 when there is not room for it.
static inline size_t standin_drain(BIO *bio, char *out, size_t capacity) {
    char *text = NULL;
    long count = BIO_get_mem_data(bio, &text);
    if (count <= 0 || (size_t)count > capacity) return 0;
    memcpy(out, text, (size_t)count);
    return (size_t)count;
}

// A private key as PEM (PKCS#8); the length of the text.
static inline size_t standin_private_pem(EVP_PKEY *key, char *out, size_t capacity) {
    BIO *bio = BIO_new(BIO_s_mem());
    size_t count = 0;
    if (key != NULL && bio != NULL && PEM_write_bio_PKCS8PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL) == 1)
        count = standin_drain(bio, out, capacity);
    BIO_free(bio);
    return count;
}

static inline size_t standin_ed25519_pem(const unsigned char *seed, char *out, size_t capacity) {
    EVP_PKEY *key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, 32);
    size_t count = standin_private_pem(key, out, capacity);
    EVP_PKEY_free(key);
    return count;
}

static inline int standin_extend(X509 *certificate, int kind, const char *value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, certificate, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, kind, value);
    int done = extension != NULL && X509_add_ext(certificate, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return done;
}

// A certificate for localhost, 127.0.0.1 and ::1 that signs itself, and its key (P-256), both as PEM.
static inline int standin_certificate(
    long days, char *certificate_pem, size_t certificate_capacity, size_t *certificate_count, char *key_pem,
    size_t key_capacity, size_t *key_count) {
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = X509_new();
    BIO *bio = BIO_new(BIO_s_mem());
    unsigned char number[8];
    int done = 0;
    if (key != NULL && certificate != NULL && bio != NULL && RAND_bytes(number, sizeof number) == 1) {
        unsigned long long serial = 0;
        memcpy(&serial, number, sizeof serial);
        X509_NAME *name = X509_get_subject_name(certificate);
        done = X509_set_version(certificate, 2) == 1 &&
               ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial >> 1 | 1) == 1 &&
               // An hour back, for clocks that are a little late.
               X509_gmtime_adj(X509_getm_notBefore(certificate), -3600) != NULL &&
               X509_gmtime_adj(X509_getm_notAfter(certificate), days * 86400) != NULL &&
               X509_set_pubkey(certificate, key) == 1 &&
               X509_NAME_add_entry_by_txt(
                   name, "CN", MBSTRING_ASC, (const unsigned char *)"localhost", -1, -1, 0) == 1 &&
               X509_set_issuer_name(certificate, name) == 1 &&
               standin_extend(certificate, NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1,IP:::1") &&
               standin_extend(certificate, NID_basic_constraints, "critical,CA:TRUE") &&
               standin_extend(certificate, NID_key_usage, "critical,digitalSignature,keyCertSign") &&
               standin_extend(certificate, NID_ext_key_usage, "serverAuth") &&
               standin_extend(certificate, NID_subject_key_identifier, "hash") &&
               standin_extend(certificate, NID_authority_key_identifier, "keyid") &&
               X509_sign(certificate, key, EVP_sha256()) > 0 && PEM_write_bio_X509(bio, certificate) == 1;
        if (done) {
            *certificate_count = standin_drain(bio, certificate_pem, certificate_capacity);
            *key_count = standin_private_pem(key, key_pem, key_capacity);
            done = *certificate_count > 0 && *key_count > 0;
        }
    }
    BIO_free(bio);
    X509_free(certificate);
    EVP_PKEY_free(key);
    return done;
}

#endif
