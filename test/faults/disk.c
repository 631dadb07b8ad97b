// A disk that fails or keeps a journal: preloaded (ld.so(8), LD_PRELOAD) into a program, it wraps the C library's calls on files
// below DISK_ROOT. Each call has a letter:
//   C create a file   E open one to write   O open to read   G read     W write   S fsync, fdatasync
//   T truncate        N rename              L link           U unlink   D mkdir   R rmdir   M utimes
// Calls whose letter is in DISK_FAIL fail with DISK_ERRNO: DISK_COUNT of them from number DISK_FROM, or all later ones if that is
// 0. Each successful call is appended to the file DISK_JOURNAL, as a line "letter offset length path<TAB>path" (the offset of M is
// the time) and, after W, the bytes written; A is a write to standard output. Child processes are not affected.

#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))real(#name))

static const char *root, *failing, *target;
static long from, count, calls;
static int error_number, journal = -1;
static pthread_mutex_t turn = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;

static void *real(const char *name) { return dlsym(RTLD_NEXT, name); }

static long number(const char *name)
{
    const char *text = getenv(name);
    return text == NULL ? 0 : atol(text);
}

__attribute__((constructor)) static void begin(void)
{
    failing = getenv("DISK_FAIL");
    from = number("DISK_FROM");
    count = number("DISK_COUNT");
    error_number = (int)number("DISK_ERRNO");
    target = getenv("DISK_JOURNAL");
    if (target != NULL) journal = REAL(open)(target, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    root = getenv("DISK_ROOT");
    unsetenv("LD_PRELOAD");
}

static int is_below(const char *path)
{
    size_t length = root == NULL || path == NULL ? 0 : strlen(root);
    return length > 0 && strncmp(path, root, length) == 0 && (path[length] == '/' || path[length] == '\0');
}

/** The current path of an open file; empty if it is not below the root or has been deleted. */
static const char *path_of(int fd, char *buffer)
{
    char link[64];
    int saved = errno;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = root == NULL ? -1 : readlink(link, buffer, PATH_MAX - 1);
    errno = saved;
    buffer[length < 0 ? 0 : length] = '\0';
    if (!is_below(buffer) || strstr(buffer, " (deleted)") != NULL) buffer[0] = '\0';
    return buffer;
}

/** Returns whether this call must fail: 2 for the first one on a full disk, which accepts half a write. */
static int fails(char letter, const char *path)
{
    if (failing == NULL || !is_below(path) || strchr(failing, letter) == NULL) return 0;
    long n = __atomic_add_fetch(&calls, 1, __ATOMIC_SEQ_CST);
    if (n < from || (count > 0 && n >= from + count)) return 0;
    errno = error_number;
    return n == from && count == 0 && error_number == ENOSPC ? 2 : 1;
}

static void put(const void *bytes, size_t length)
{
    for (size_t done = 0; done < length;) {
        long n = syscall(SYS_write, journal, (const char *)bytes + done, length - done);
        if (n <= 0) abort();
        done += (size_t)n;
    }
}

/** Appends a successful call to the journal; `bytes` may be NULL. */
static void record(char letter, const char *path, const char *path2, long long offset, long long length, const void *bytes)
{
    char line[2 * PATH_MAX + 64];
    int saved = errno;
    if (journal < 0) return;
    put(line, (size_t)snprintf(line, sizeof line, "%c %lld %lld %s\t%s\n", letter, offset, length, path, path2));
    if (bytes != NULL) put(bytes, (size_t)length);
    errno = saved;
}

static int plain(int result, char letter, const char *path, const char *path2)
{
    if (result >= 0 && (is_below(path) || is_below(path2))) record(letter, path, path2, 0, 0, NULL);
    return result;
}

// A call on names: it fails, or runs and is appended to the journal, one at a time.
#define NAMED(letter, path, path2, call)                            \
    do {                                                            \
        if (fails(letter, is_below(path) ? path : path2)) return -1; \
        pthread_mutex_lock(&turn);                                  \
        int result = plain(call, letter, path, path2);              \
        pthread_mutex_unlock(&turn);                                \
        return result;                                              \
    } while (0)

int rename(const char *old, const char *new) { NAMED('N', old, new, REAL(rename)(old, new)); }
int link(const char *old, const char *new) { NAMED('L', old, new, REAL(link)(old, new)); }
int unlink(const char *path) { NAMED('U', path, "", REAL(unlink)(path)); }
int mkdir(const char *path, mode_t mode)
{
    if (access(path, F_OK) == 0) return REAL(mkdir)(path, mode);
    NAMED('D', path, "", REAL(mkdir)(path, mode));
}
int rmdir(const char *path) { NAMED('R', path, "", REAL(rmdir)(path)); }

int utimensat(int dir, const char *path, const struct timespec times[2], int flags)
{
    if (fails('M', path)) return -1;
    int result = REAL(utimensat)(dir, path, times, flags);
    if (result == 0 && is_below(path)) record('M', path, "", times[1].tv_sec, 0, NULL);
    return result;
}

int futimens(int fd, const struct timespec times[2])
{
    char buffer[PATH_MAX];
    const char *path = path_of(fd, buffer);
    if (fails('M', path)) return -1;
    int result = REAL(futimens)(fd, times);
    if (result == 0 && is_below(path)) record('M', path, "", times[1].tv_sec, 0, NULL);
    return result;
}

DIR *opendir(const char *path)
{
    if (fails('O', path)) return NULL;
    plain(0, 'O', path, "");
    return REAL(opendir)(path);
}

static int opened(const char *path, int flags, mode_t mode)
{
    int writes = (flags & O_ACCMODE) != O_RDONLY || (flags & O_CREAT);
    char letter = !writes ? 'O' : is_below(path) && access(path, F_OK) == 0 ? 'E' : 'C';
    if (fails(letter, path)) return -1;
    pthread_mutex_lock(&turn);
    int fd = plain(REAL(open64)(path, flags, mode), letter, path, "");
    if (fd >= 0 && (flags & O_TRUNC) && is_below(path)) record('T', path, "", 0, 0, NULL);
    pthread_mutex_unlock(&turn);
    return fd;
}

static mode_t mode_in(int flags, va_list arguments)
{
    return flags & (O_CREAT | __O_TMPFILE) ? va_arg(arguments, mode_t) : 0;
}

#define OPEN(name)                                \
    int name(const char *path, int flags, ...)    \
    {                                             \
        va_list arguments;                        \
        va_start(arguments, flags);               \
        mode_t mode = mode_in(flags, arguments);  \
        va_end(arguments);                        \
        return opened(path, flags, mode);         \
    }
OPEN(open)
OPEN(open64)

static int synced(int fd, int (*sync)(int))
{
    char buffer[PATH_MAX];
    const char *path = path_of(fd, buffer);
    NAMED('S', path, "", sync(fd));
}
int fsync(int fd) { return synced(fd, REAL(fsync)); }
int fdatasync(int fd) { return synced(fd, REAL(fdatasync)); }

int ftruncate64(int fd, off64_t length)
{
    char buffer[PATH_MAX];
    const char *path = path_of(fd, buffer);
    if (fails('T', path)) return -1;
    pthread_mutex_lock(&turn);
    int result = REAL(ftruncate64)(fd, length);
    if (result == 0 && is_below(path)) record('T', path, "", length, 0, NULL);
    pthread_mutex_unlock(&turn);
    return result;
}

/** All writes end here; `offset` is -1 for the file's current position. */
static ssize_t written(int fd, const struct iovec *parts, int n, off64_t offset)
{
    char buffer[PATH_MAX];
    const char *path = path_of(fd, buffer);
    struct iovec half;
    int fault = fails('W', path);
    if (fault == 2 && parts[0].iov_len > 1) {
        half = (struct iovec){parts[0].iov_base, parts[0].iov_len / 2};
        parts = &half;
        n = 1;
    } else if (fault) {
        return -1;
    }
    pthread_mutex_lock(&turn);
    int to_end = offset < 0 && (fcntl(fd, F_GETFL) & O_APPEND);
    off64_t at = offset >= 0 || !is_below(path) ? offset : lseek64(fd, 0, to_end ? SEEK_END : SEEK_CUR);
    ssize_t result = offset < 0 ? REAL(writev)(fd, parts, n) : REAL(pwritev64)(fd, parts, n, offset);
    if (is_below(path) || fd == STDOUT_FILENO) {
        for (ssize_t left = result; left > 0; parts += 1) {
            ssize_t length = left < (ssize_t)parts->iov_len ? left : (ssize_t)parts->iov_len;
            record(is_below(path) ? 'W' : 'A', path, "", at, length, parts->iov_base);
            at += length;
            left -= length;
        }
    }
    pthread_mutex_unlock(&turn);
    return result;
}

ssize_t writev(int fd, const struct iovec *parts, int n) { return written(fd, parts, n, -1); }
ssize_t write(int fd, const void *bytes, size_t length)
{
    return written(fd, &(struct iovec){(void *)bytes, length}, 1, -1);
}
ssize_t pwritev64(int fd, const struct iovec *parts, int n, off64_t offset) { return written(fd, parts, n, offset); }
ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t offset)
{
    return written(fd, &(struct iovec){(void *)bytes, length}, 1, offset);
}

static int no_read(int fd)
{
    char buffer[PATH_MAX];
    const char *path = path_of(fd, buffer);
    return fails('G', path) ? 1 : plain(0, 'G', path, "");
}
ssize_t read(int fd, void *bytes, size_t length) { return no_read(fd) ? -1 : REAL(read)(fd, bytes, length); }
ssize_t pread64(int fd, void *bytes, size_t length, off64_t offset)
{
    return no_read(fd) ? -1 : REAL(pread64)(fd, bytes, length, offset);
}

// The C library's writes to a FILE bypass the functions above, so a FILE below the root gets its own writer.

static ssize_t file_read(void *cookie, char *bytes, size_t length) { return read((int)(long)cookie, bytes, length); }
static int file_close(void *cookie) { return close((int)(long)cookie); }
static int file_seek(void *cookie, off64_t *offset, int whence)
{
    return (*offset = lseek64((int)(long)cookie, *offset, whence)) < 0 ? -1 : 0;
}
static ssize_t file_write(void *cookie, const char *bytes, size_t length)
{
    ssize_t n = write((int)(long)cookie, bytes, length);
    return n < 0 ? 0 : n;
}

static FILE *files[1024];

FILE *fopen64(const char *path, const char *mode)
{
    if (!is_below(path)) return REAL(fopen64)(path, mode);
    int flags = *mode == 'r' ? O_RDONLY : O_WRONLY | O_CREAT | (*mode == 'a' ? O_APPEND : O_TRUNC);
    int fd = opened(path, flags | O_CLOEXEC, 0666);
    if (fd < 0) return NULL;
    cookie_io_functions_t functions = {file_read, file_write, file_seek, file_close};
    FILE *file = fopencookie((void *)(long)fd, mode, functions);
    if (file == NULL || fd >= 1024) abort();
    setvbuf(file, NULL, _IOFBF, 4096);
    return files[fd] = file;
}

int fileno(FILE *file)
{
    for (int fd = 0; fd < 1024; fd += 1)
        if (files[fd] == file) return fd;
    return REAL(fileno)(file);
}

int fclose(FILE *file)
{
    for (int fd = 0; fd < 1024; fd += 1)
        if (files[fd] == file) files[fd] = NULL;
    return REAL(fclose)(file);
}
