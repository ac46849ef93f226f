// SPDX-License-Identifier: Apache-2.0
// Starts a program in a way that posix_spawn has no attribute for: it is killed when the thread that started it ends.
#pragma once
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

// Linux's number of F_SETPIPE_SZ, which headers hide without _GNU_SOURCE.
static const int child_set_pipe_size = 1031;

// The child's half, by calls alone that are safe after fork in a program with threads. What goes wrong is written to
// descriptor 3 as errno; a successful exec closes it.
static inline void child_become(
    const char *path, char *const arguments[], char *const environment[], const int streams[3], int report,
    pid_t parent) {
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(127);
    for (int number = 1; number < 65; number++) signal(number, SIG_DFL);
    for (int target = 0; target < 3; target++)
        if (dup2(streams[target], target) < 0) goto failed;
    if (report != 3 && dup2(report, 3) < 0) goto failed;
    report = 3;
    if (fcntl(report, F_SETFD, FD_CLOEXEC) < 0) goto failed;
    syscall(SYS_close_range, 4, ~0U, 0);
    if (chdir("/") < 0) goto failed;
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    // A file just written stays busy until each program that was forked meanwhile has begun to run: no longer than this.
    for (int turn = 0; turn < 100; turn++) {
        execve(path, arguments, environment);
        if (errno != ETXTBSY) break;
        usleep(10000);
    }
failed:;
    int number = errno;
    (void)!write(report, &number, sizeof number);
    _exit(127);
}

// The process number, which is its group's too; or -1 with errno. All descriptors are above 3.
static inline pid_t child_start(
    const char *path, char *const arguments[], char *const environment[], const int streams[3], int report) {
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before); // none of our handlers may run in the child
    pid_t parent = getpid();
    pid_t child = fork();
    if (child == 0) child_become(path, arguments, environment, streams, report, parent);
    int number = errno;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (child > 0) setpgid(child, child); // whichever of the two comes first
    errno = number;
    return child;
}
