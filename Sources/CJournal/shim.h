// The bridge to what the journal's bytes are made with: SHA-256 of libcrypto, CRC-32C of ISA-L, zstd.
#ifndef CJOURNAL_SHIM_H
#define CJOURNAL_SHIM_H

// The plain SHA-256 functions cost a third less per record than a digest context does, and a record is small.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <isa-l/crc.h>
#include <openssl/sha.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/types.h>
#include <zstd.h>

// CRC-32C (Castagnoli), as in RFC 3720: all ones before, complement after. `crc` is that of the bytes before; 0 for none.
static inline uint32_t cjournal_crc32c(uint32_t crc, const void *bytes, size_t count) {
    const unsigned char *next = (const unsigned char *)bytes;
    crc = ~crc;
    while (count > 0) {
        // The library counts with int.
        int part = count > (1u << 30) ? (int)(1u << 30) : (int)count;
        crc = crc32_iscsi((unsigned char *)next, part, crc);
        next += part;
        count -= (size_t)part;
    }
    return ~crc;
}

// SHA-256 of three runs of bytes, one after the other.
static inline void cjournal_sha256(
    const void *first, size_t first_count, const void *second, size_t second_count, const void *third, size_t third_count,
    void *digest) {
    SHA256_CTX context;
    SHA256_Init(&context);
    SHA256_Update(&context, first, first_count);
    SHA256_Update(&context, second, second_count);
    SHA256_Update(&context, third, third_count);
    SHA256_Final((unsigned char *)digest, &context);
}

// Reserves room in a file. posix_fallocate would write every block where the file system can't reserve.
extern int fallocate(int, int, off_t, off_t);
static inline int cjournal_reserve(int file, off_t from, off_t count) { return fallocate(file, 0, from, count); }

// Makes the calling thread (on Linux this is not the process) give way to every other one.
static inline void cjournal_give_way(void) { (void)setpriority(PRIO_PROCESS, 0, 19); }

#endif
