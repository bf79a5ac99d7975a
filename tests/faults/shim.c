/* Counts what a process does to files whose path contains FAULT_PATH, and at the operation of
 * number FAULT_AT does what FAULT_KIND says: kill, torn (half of a write, then kill), or a name
 * of an error to fail with. FAULT_ON=1 fails from then on, not once. FAULT_MARK is a file that is
 * created when it happens, so that whoever counts knows when the operations have come to an end.
 *
 * FAULT_KIND=readonly is another matter: every open that may write fails with EROFS, and nothing
 * is counted. It works for root too, who doesn't heed the modes of files.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long count;

static const char *setting(const char *name) {
    const char *value = getenv(name);
    return value ? value : "";
}

static int is_kind(const char *kind) { return strcmp(setting("FAULT_KIND"), kind) == 0; }

static int is_ours(const char *path) {
    const char *wanted = setting("FAULT_PATH");
    return path && *wanted && strstr(path, wanted) != NULL;
}

static int is_our_file(int fd) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t len = readlink(link, path, sizeof path - 1);
    if (len < 0) return 0;
    path[len] = 0;
    return is_ours(path);
}

static void die(void) {
    syscall(SYS_kill, getpid(), SIGKILL);
    for (;;) pause();
}

/* Returns the error to fail with; 0 to go on; -1 to tear the write and die. */
static int verdict(void) {
    long at = atol(setting("FAULT_AT"));
    pthread_mutex_lock(&lock);
    long number = ++count;
    pthread_mutex_unlock(&lock);
    int is_on = strcmp(setting("FAULT_ON"), "1") == 0;
    if (at <= 0 || number < at || (number > at && !is_on)) return 0;
    if (number == at) {
        int mark = syscall(SYS_openat, AT_FDCWD, setting("FAULT_MARK"), O_CREAT | O_WRONLY, 0644);
        if (mark >= 0) close(mark);
    }
    if (is_kind("kill")) die();
    if (is_kind("torn")) return -1;
    return is_kind("enospc") ? ENOSPC : EIO;
}

static int fails(void) {
    int error = verdict();
    if (error < 0) die();
    if (error > 0) errno = error;
    return error != 0;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

#define WRITES(name, offset_type)                                                                 \
    ssize_t name(int fd, const void *bytes, size_t len, offset_type offset) {                     \
        int error = is_our_file(fd) ? verdict() : 0;                                              \
        if (error < 0) {                                                                          \
            REAL(name)(fd, bytes, len / 2, offset);                                               \
            die();                                                                                \
        }                                                                                         \
        if (error > 0) return errno = error, -1;                                                  \
        return REAL(name)(fd, bytes, len, offset);                                                \
    }

WRITES(pwrite, off_t)
WRITES(pwrite64, off64_t)

ssize_t write(int fd, const void *bytes, size_t len) {
    int error = is_our_file(fd) ? verdict() : 0;
    if (error < 0) {
        REAL(write)(fd, bytes, len / 2);
        die();
    }
    if (error > 0) return errno = error, -1;
    return REAL(write)(fd, bytes, len);
}

#define ON_FILE(name, arguments, call)                                                            \
    int name arguments {                                                                          \
        if (is_our_file(fd) && fails()) return -1;                                                \
        return REAL(name) call;                                                                   \
    }

ON_FILE(fsync, (int fd), (fd))
ON_FILE(fdatasync, (int fd), (fd))
ON_FILE(ftruncate, (int fd, off_t len), (fd, len))
ON_FILE(ftruncate64, (int fd, off64_t len), (fd, len))

int unlink(const char *path) {
    if (is_ours(path) && fails()) return -1;
    return REAL(unlink)(path);
}

int rename(const char *from, const char *to) {
    if ((is_ours(from) || is_ours(to)) && fails()) return -1;
    return REAL(rename)(from, to);
}

#define OPENS(name)                                                                               \
    int name(const char *path, int flags, ...) {                                                  \
        va_list rest;                                                                             \
        va_start(rest, flags);                                                                    \
        mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;                                 \
        va_end(rest);                                                                             \
        if (is_ours(path) && (flags & (O_WRONLY | O_RDWR)) != 0) {                                \
            if (is_kind("readonly")) return errno = EROFS, -1;                                    \
            if ((flags & O_CREAT) && fails()) return -1;                                          \
        }                                                                                         \
        return REAL(name)(path, flags, mode);                                                     \
    }

OPENS(open)
OPENS(open64)
