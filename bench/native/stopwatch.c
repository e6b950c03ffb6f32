// stopwatch COUNT COMMAND [WORD...]: runs a command COUNT times, one after another, and prints how many nanoseconds
// they took together and the highest peak memory of a process among them in KiB. Their stdout goes nowhere. The
// first that fails ends it with its status.
//
// A program of its own, because Node takes a millisecond to start a process, as long as what is measured, and
// cannot say what a child's peak memory was.

#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

static long long now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

int main(int count, char **words) {
  if (count < 3) return 2;
  posix_spawn_file_actions_t quiet;
  posix_spawn_file_actions_init(&quiet);
  posix_spawn_file_actions_addopen(&quiet, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&quiet, 1, "/dev/null", O_WRONLY, 0);
  long long total = 0;
  long peak = 0;
  for (int left = atoi(words[1]); left > 0; left--) {
    pid_t child;
    int status;
    struct rusage usage;
    long long begin = now();
    int error = posix_spawnp(&child, words[2], &quiet, NULL, words + 2, environ);
    if (error != 0) {
      fprintf(stderr, "cannot be started: %s\n", words[2]);
      return 127;
    }
    wait4(child, &status, 0, &usage);
    total += now() - begin;
    if (usage.ru_maxrss > peak) peak = usage.ru_maxrss;
    if (status != 0) return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }
  printf("%lld %ld\n", total, peak);
  return 0;
}
