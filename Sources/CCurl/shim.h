// The bridge to libcurl: its options and informations are variadic, which Swift can't import; here each type has its own
// function.
#ifndef CCURL_SHIM_H
#define CCURL_SHIM_H

// The macros that check types of variadic arguments have nothing to check in functions that have types.
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>

// What libcurl hands received bytes to: the bytes, 1, how many, and whoever is to have them. Less than that many taken
// ends the transfer.
typedef size_t (*ccurl_sink)(char *bytes, size_t size, size_t count, void *owner);

static inline CURLcode ccurl_set_long(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode ccurl_set_text(CURL *handle, CURLoption option, const char *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode ccurl_set_pointer(CURL *handle, CURLoption option, void *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode ccurl_set_sink(CURL *handle, CURLoption option, ccurl_sink value) {
    return curl_easy_setopt(handle, option, value);
}

// The bytes are not copied: they must stay where they are as long as the handle.
static inline CURLcode ccurl_lend_bytes(CURL *handle, CURLoption option, const void *bytes, size_t count) {
    struct curl_blob blob = {(void *)bytes, count, CURL_BLOB_NOCOPY};
    return curl_easy_setopt(handle, option, &blob);
}

// Has the kernel end a connection whose peer acknowledges nothing for so long; a socket that does not take it is no worse
// than without.
static inline int ccurl_limit_silence(void *milliseconds, curl_socket_t socket, curlsocktype purpose) {
    unsigned int longest = (unsigned int)(uintptr_t)milliseconds;
    if (purpose == CURLSOCKTYPE_IPCXN) {
        (void)setsockopt(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, &longest, sizeof longest);
    }
    return CURL_SOCKOPT_OK;
}

// How long what was sent may stay without an acknowledgement before the kernel ends a connection.
static inline CURLcode ccurl_set_longest_silence(CURL *handle, long milliseconds) {
    CURLcode code = curl_easy_setopt(handle, CURLOPT_SOCKOPTFUNCTION, ccurl_limit_silence);
    if (code != CURLE_OK) return code;
    return curl_easy_setopt(handle, CURLOPT_SOCKOPTDATA, (void *)(uintptr_t)milliseconds);
}

// Where connections are kept, for handles that are given it as CURLOPT_SHARE; NULL without memory.
static inline CURLSH *ccurl_new_pool(void) {
    CURLSH *pool = curl_share_init();
    if (pool != NULL && curl_share_setopt(pool, CURLSHOPT_SHARE, CURL_LOCK_DATA_CONNECT) != CURLSHE_OK) {
        curl_share_cleanup(pool);
        return NULL;
    }
    return pool;
}

// How many bytes of the request have been sent.
static inline long ccurl_sent(CURL *handle) {
    long bytes = 0;
    return curl_easy_getinfo(handle, CURLINFO_REQUEST_SIZE, &bytes) == CURLE_OK ? bytes : 0;
}

static inline CURLMcode ccurl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    return curl_multi_setopt(multi, option, value);
}

// Whom libcurl tells which sockets are to be waited for, and until when.
static inline void ccurl_multi_watch(
    CURLM *multi, void *owner, curl_socket_callback sockets, curl_multi_timer_callback moment) {
    curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, sockets);
    curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, owner);
    curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, moment);
    curl_multi_setopt(multi, CURLMOPT_TIMERDATA, owner);
}

static inline long ccurl_status(CURL *handle) {
    long status = 0;
    return curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status) == CURLE_OK ? status : 0;
}

// The pointer that was set as CURLOPT_PRIVATE.
static inline void *ccurl_owner(CURL *handle) {
    char *owner = NULL;
    return curl_easy_getinfo(handle, CURLINFO_PRIVATE, &owner) == CURLE_OK ? (void *)owner : NULL;
}

// The next transfer that has ended, or NULL.
static inline CURL *ccurl_next_ended(CURLM *multi, CURLcode *code) {
    int left = 0;
    CURLMsg *message;
    while ((message = curl_multi_info_read(multi, &left)) != NULL) {
        if (message->msg == CURLMSG_DONE) {
            *code = message->data.result;
            return message->easy_handle;
        }
    }
    return NULL;
}

// The file of trusted certificates that libcurl was built for, or NULL.
static inline const char *ccurl_trusted_file(void) { return curl_version_info(CURLVERSION_NOW)->cainfo; }

// Whether libcurl was built with HTTP/2.
static inline int ccurl_has_http2(void) {
    return (curl_version_info(CURLVERSION_NOW)->features & CURL_VERSION_HTTP2) != 0;
}

#endif
