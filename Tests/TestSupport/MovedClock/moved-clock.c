// SPDX-License-Identifier: Apache-2.0
// Preloaded into a program, sets its wall clock off by so many seconds as the file MOVED_CLOCK_FILE holds, a native
// int64_t, from one call to the next. Monotonic clocks stay as they are, as where a system's clock is set. Environment
// and arguments stay where they are too: Swift looks for arguments before the environment.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static const volatile int64_t *moved;

__attribute__((constructor)) static void map_file(void) {
    const char *path = getenv("MOVED_CLOCK_FILE");
    if (!path) return;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return;
    void *page = mmap(NULL, sizeof *moved, PROT_READ, MAP_SHARED, file, 0);
    if (page != MAP_FAILED) moved = page;
    close(file);
}

static int64_t seconds(void) { return moved ? *moved : 0; }

int clock_gettime(clockid_t clock, struct timespec *time) {
    int result = syscall(SYS_clock_gettime, clock, time);
    if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) time->tv_sec += seconds();
    return result;
}

int gettimeofday(struct timeval *time, void *zone) {
    struct timespec now;
    if (clock_gettime(CLOCK_REALTIME, &now)) return -1;
    time->tv_sec = now.tv_sec;
    time->tv_usec = now.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *result) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (result) *result = now.tv_sec;
    return now.tv_sec;
}

// The kernel waits by its own clock.
static struct timespec own(const struct timespec *time) {
    return (struct timespec){ .tv_sec = time->tv_sec - seconds(), .tv_nsec = time->tv_nsec };
}

int sem_timedwait(sem_t *semaphore, const struct timespec *time) {
    static int (*next)(sem_t *, const struct timespec *);
    if (!next) next = (int (*)(sem_t *, const struct timespec *))dlsym(RTLD_NEXT, "sem_timedwait");
    struct timespec until = own(time);
    return next(semaphore, &until);
}

int pthread_cond_timedwait(pthread_cond_t *condition, pthread_mutex_t *mutex, const struct timespec *time) {
    static int (*next)(pthread_cond_t *, pthread_mutex_t *, const struct timespec *);
    if (!next)
        next = (int (*)(pthread_cond_t *, pthread_mutex_t *, const struct timespec *))
            dlvsym(RTLD_NEXT, "pthread_cond_timedwait", "GLIBC_2.3.2");
    if (!next)
        next = (int (*)(pthread_cond_t *, pthread_mutex_t *, const struct timespec *))
            dlsym(RTLD_NEXT, "pthread_cond_timedwait");
    // A condition may be on the monotonic clock: then the time is far from that of the wall clock.
    struct timespec wall;
    clock_gettime(CLOCK_REALTIME, &wall);
    int64_t apart = (int64_t)time->tv_sec - wall.tv_sec;
    if (apart > 31536000 || apart < -31536000) return next(condition, mutex, time);
    struct timespec until = own(time);
    return next(condition, mutex, &until);
}
