// SPDX-License-Identifier: Apache-2.0
//
// What it costs at the least to read all domains: one virConnectGetAllDomainStats in a loop, and nothing kept.
//
//     libvirt-floor URI GROUP[,GROUP…] INTERVAL CYCLES
//
// GROUP is one of the names below, INTERVAL in milliseconds on an absolute schedule, so that cycles do not drift.
// Prints `begun` after the first cycle, and at the end what it did and its own CPU time (without libvirtd's, without
// opening the connection).
#define _GNU_SOURCE
#include <inttypes.h>
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const struct {
    const char *name;
    unsigned int flag;
} groups[] = {
    {"state", VIR_DOMAIN_STATS_STATE},         {"cpu", VIR_DOMAIN_STATS_CPU_TOTAL},
    {"balloon", VIR_DOMAIN_STATS_BALLOON},     {"vcpu", VIR_DOMAIN_STATS_VCPU},
    {"interface", VIR_DOMAIN_STATS_INTERFACE}, {"block", VIR_DOMAIN_STATS_BLOCK},
    {"perf", VIR_DOMAIN_STATS_PERF},           {"iothread", VIR_DOMAIN_STATS_IOTHREAD},
    {"memory", VIR_DOMAIN_STATS_MEMORY},       {"dirtyrate", VIR_DOMAIN_STATS_DIRTYRATE},
};

// The flags of a list of names, which it takes apart; 0 if one is unknown.
static unsigned int flags(char *names) {
    unsigned int all = 0;
    for (char *name = strtok(names, ","); name; name = strtok(NULL, ",")) {
        unsigned int flag = 0;
        for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
            if (strcmp(name, groups[i].name) == 0) flag = groups[i].flag;
        if (!flag) return 0;
        all |= flag;
    }
    return all;
}

// Every value added up, so that nothing read can be optimised away.
static double sum(const virDomainStatsRecord *record) {
    double total = 0;
    for (int i = 0; i < record->nparams; i++) {
        const virTypedParameter *p = &record->params[i];
        switch (p->type) {
        case VIR_TYPED_PARAM_INT: total += p->value.i; break;
        case VIR_TYPED_PARAM_UINT: total += p->value.ui; break;
        case VIR_TYPED_PARAM_LLONG: total += (double)p->value.l; break;
        case VIR_TYPED_PARAM_ULLONG: total += (double)p->value.ul; break;
        case VIR_TYPED_PARAM_DOUBLE: total += p->value.d; break;
        case VIR_TYPED_PARAM_BOOLEAN: total += p->value.b; break;
        case VIR_TYPED_PARAM_STRING: total += p->value.s[0]; break;
        }
    }
    return total;
}

static int64_t nanoseconds(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

static int fail(const char *what) {
    fprintf(stderr, "libvirt-floor: could not %s: %s\n", what, virGetLastErrorMessage());
    return EXIT_FAILURE;
}

int main(int argc, char **argv) {
    unsigned int wanted = argc == 5 ? flags(argv[2]) : 0;
    int64_t interval = argc == 5 ? atoll(argv[3]) * 1000000 : 0;
    long cycles = argc == 5 ? atol(argv[4]) : 0;
    if (!wanted || interval < 0 || cycles < 1) {
        fputs("usage: libvirt-floor URI GROUP[,GROUP...] INTERVAL CYCLES\n", stderr);
        return 2;
    }
    virConnectPtr connection = virConnectOpenReadOnly(argv[1]);
    if (!connection) return fail("connect");

    double total = 0;
    int domains = 0;
    int64_t begin = nanoseconds(CLOCK_MONOTONIC), used = nanoseconds(CLOCK_PROCESS_CPUTIME_ID);
    for (long cycle = 0; cycle < cycles; cycle++) {
        int64_t due = begin + cycle * interval;
        struct timespec at = {due / 1000000000, due % 1000000000};
        while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL)) {}

        virDomainStatsRecordPtr *records = NULL;
        domains = virConnectGetAllDomainStats(
            connection, wanted, &records, VIR_CONNECT_GET_ALL_DOMAINS_STATS_NOWAIT);
        if (domains < 0) return fail("read statistics");
        for (int i = 0; i < domains; i++) total += sum(records[i]);
        virDomainStatsRecordListFree(records);
        if (cycle == 0) puts("begun"), fflush(stdout);
    }
    used = nanoseconds(CLOCK_PROCESS_CPUTIME_ID) - used;
    virConnectClose(connection);
    double each = (double)used / 1e3 / (double)cycles;
    printf("%ld cycles of %d domains (sum %g), own CPU %.1f us per cycle\n", cycles, domains, total, each);
    return EXIT_SUCCESS;
}
