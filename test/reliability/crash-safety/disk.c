/* A disk that fails. Preloaded into a process (LD_PRELOAD), it counts the calls into the C library that touch a
 * directory and the files below it, in all threads together, and writes each to a log. At one of them the process
 * dies, or the call fails; see disk.ts for the environment that says which. A call that fails does nothing, but for
 * close(), which frees its descriptor in any case, as Linux does. */

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
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define DESCRIPTORS 4096

static const char *dir;
static FILE *calls;
static long count, first, last;
static int error_number; /* 0: die */
static char *paths[DESCRIPTORS];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static long number(const char *name) {
  const char *text = getenv(name);
  return text == NULL ? 0 : atol(text);
}

__attribute__((constructor)) static void begin(void) {
  dir = getenv("DISK_DIR");
  first = number("DISK_FIRST");
  last = number("DISK_LAST");
  error_number = (int)number("DISK_ERROR");
}

static const char *below(const char *path) {
  size_t size = dir == NULL ? 0 : strlen(dir);
  int is_below = size > 0 && path != NULL && strncmp(path, dir, size) == 0 && (path[size] == 0 || path[size] == '/');
  return is_below ? path : NULL;
}

static const char *path_of(int fd) {
  return fd >= 0 && fd < DESCRIPTORS ? paths[fd] : NULL;
}

static void note(const char *name, const char *path, long long offset, const void *data, size_t size) {
  if (calls == NULL) calls = fopen(getenv("DISK_LOG"), "ae");
  if (calls == NULL) abort();
  fprintf(calls, "%ld\t%s\t%s\t%lld\t", count, name, path, offset);
  for (size_t i = 0; data != NULL && i < size; i++) fprintf(calls, "%02x", ((const unsigned char *)data)[i]);
  fputc('\n', calls);
  fflush(calls);
}

/* Whether the call must fail, with errno set. */
static int fails(const char *name, const char *path, long long offset, const void *data, size_t size) {
  if (path == NULL) return 0;
  pthread_mutex_lock(&lock);
  count++;
  if (getenv("DISK_LOG") != NULL) note(name, path, offset, data, size);
  int is_fault = count >= first && count <= last;
  if (is_fault && error_number == 0) {
    kill(getpid(), SIGKILL);
    for (;;) pause();
  }
  pthread_mutex_unlock(&lock);
  if (is_fault) errno = error_number;
  return is_fault;
}

#define REAL(type, name, parameters) \
  static type(*real) parameters; \
  if (real == NULL) real = (type(*) parameters)dlsym(RTLD_NEXT, #name)

/* A call on an open file, without data that matters here. */
#define ON_FILE(type, name, parameters, arguments) \
  type name parameters { \
    REAL(type, name, parameters); \
    return fails(#name, path_of(fd), 0, NULL, 0) ? -1 : real arguments; \
  }

/* A call on a name. */
#define ON_NAME(type, name, parameters, arguments) \
  type name parameters { \
    REAL(type, name, parameters); \
    return fails(#name, below(path), 0, NULL, 0) ? -1 : real arguments; \
  }

ON_FILE(ssize_t, read, (int fd, void *to, size_t size), (fd, to, size))
ON_FILE(ssize_t, pread64, (int fd, void *to, size_t size, off64_t offset), (fd, to, size, offset))
ON_FILE(int, fsync, (int fd), (fd))
ON_FILE(int, fdatasync, (int fd), (fd))
ON_FILE(int, fchown, (int fd, uid_t user, gid_t group), (fd, user, group))
ON_FILE(int, fchmod, (int fd, mode_t mode), (fd, mode))
ON_FILE(int, fstat64, (int fd, struct stat64 *to), (fd, to))
ON_NAME(int, access, (const char *path, int mode), (path, mode))
ON_NAME(int, stat64, (const char *path, struct stat64 *to), (path, to))
ON_NAME(int, lstat64, (const char *path, struct stat64 *to), (path, to))
ON_NAME(int, unlink, (const char *path), (path))
ON_NAME(int, rename, (const char *path, const char *to), (path, to))

/* What these were called before glibc 2.33; a program that was built with an older one calls them. */
#define ON_OLD_STAT(name, type, file, known) \
  int name(int version, type file, struct stat64 *to) { \
    REAL(int, name, (int, type, struct stat64 *)); \
    return fails(#name, known, 0, NULL, 0) ? -1 : real(version, file, to); \
  }

ON_OLD_STAT(__xstat64, const char *, path, below(path))
ON_OLD_STAT(__lxstat64, const char *, path, below(path))
ON_OLD_STAT(__fxstat64, int, fd, path_of(fd))
ON_OLD_STAT(__xstat, const char *, path, below(path))
ON_OLD_STAT(__lxstat, const char *, path, below(path))
ON_OLD_STAT(__fxstat, int, fd, path_of(fd))

ssize_t pwrite64(int fd, const void *data, size_t size, off64_t offset) {
  REAL(ssize_t, pwrite64, (int, const void *, size_t, off64_t));
  return fails("pwrite64", path_of(fd), offset, data, size) ? -1 : real(fd, data, size, offset);
}

int ftruncate64(int fd, off64_t size) {
  REAL(int, ftruncate64, (int, off64_t));
  return fails("ftruncate64", path_of(fd), size, NULL, 0) ? -1 : real(fd, size);
}

int fcntl64(int fd, int command, ...) {
  REAL(int, fcntl64, (int, int, void *));
  va_list rest;
  va_start(rest, command);
  void *argument = va_arg(rest, void *);
  va_end(rest);
  return fails("fcntl64", path_of(fd), 0, NULL, 0) ? -1 : real(fd, command, argument);
}

int open64(const char *path, int flags, ...) {
  REAL(int, open64, (const char *, int, mode_t));
  va_list rest;
  va_start(rest, flags);
  mode_t mode = va_arg(rest, mode_t);
  va_end(rest);
  const char *name = flags & O_CREAT ? "creat" : "open64";
  if (fails(name, below(path), 0, NULL, 0)) return -1;
  int fd = real(path, flags, mode);
  if (fd >= 0 && fd < DESCRIPTORS && below(path)) paths[fd] = strdup(path);
  return fd;
}

int close(int fd) {
  REAL(int, close, (int));
  int is_fault = fails("close", path_of(fd), 0, NULL, 0);
  int saved = errno;
  if (path_of(fd) != NULL) paths[fd] = NULL;
  int result = real(fd);
  if (is_fault) errno = saved;
  return is_fault ? -1 : result;
}

/* Node closes its files with this. */
long syscall(long call, ...) {
  REAL(long, syscall, (long, long, long, long, long, long, long));
  va_list rest;
  va_start(rest, call);
  long words[6];
  for (int i = 0; i < 6; i++) words[i] = va_arg(rest, long);
  va_end(rest);
  if (call == SYS_close) return close((int)words[0]);
  return real(call, words[0], words[1], words[2], words[3], words[4], words[5]);
}
