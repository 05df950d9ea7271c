// The bridge to libcrypto's judgement of whom a certificate is for.
#ifndef CCERTIFICATE_SHIM_H
#define CCERTIFICATE_SHIM_H

#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stddef.h>

// Whether a certificate (DER) is for a host: a name, or a number where `is_number` is set. Its alternative names count,
// the common name does not.
static inline int ccertificate_is_for(const unsigned char *der, size_t count, const char *host, int is_number) {
    X509 *certificate = d2i_X509(NULL, &der, (long)count);
    if (certificate == NULL) return 0;
    const unsigned flags = X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT;
    const int verdict = is_number ? X509_check_ip_asc(certificate, host, flags)
                                  : X509_check_host(certificate, host, 0, flags, NULL);
    X509_free(certificate);
    return verdict == 1;
}

#endif
