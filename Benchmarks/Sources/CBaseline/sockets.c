// Reading from a socket with the instant at which the kernel had the bytes: the reader's own waking up is not in it.
#define _GNU_SOURCE
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>

#include "baseline.h"

int socket_stamp(int descriptor) {
    int yes = 1;
    return setsockopt(descriptor, SOL_SOCKET, SO_TIMESTAMPNS, &yes, sizeof yes);
}

long socket_read_stamped(int descriptor, void *bytes, size_t room, long long *stamp) {
    char control[256];
    struct iovec piece = {bytes, room};
    struct msghdr message = {.msg_iov = &piece, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    long count = recvmsg(descriptor, &message, 0);
    *stamp = 0;
    if (count <= 0) return count;
    for (struct cmsghdr *part = CMSG_FIRSTHDR(&message); part; part = CMSG_NXTHDR(&message, part)) {
        if (part->cmsg_level == SOL_SOCKET && part->cmsg_type == SCM_TIMESTAMPNS) {
            struct timespec time;
            memcpy(&time, CMSG_DATA(part), sizeof time);
            *stamp = time.tv_sec * 1000000000LL + time.tv_nsec;
        }
    }
    return count;
}
