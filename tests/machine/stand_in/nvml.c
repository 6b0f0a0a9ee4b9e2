/* A stand-in for NVIDIA's management library: the real pynvml loads it as libnvidia-ml.so.1 and asks it what it would
 * ask a driver. The environment says what machine it plays, in variables
 * that begin with STAND_IN_:
 *   GPUS        number of GPUs (default 1)
 *   INIT        error code that initialisation returns
 *   LOST        index of a GPU that has fallen off the bus
 *   MIG         1: GPU 0 is sliced, with a gap between its two slices; 2: MIG on without a slice
 *   MEMORY      error code of the memory question
 *   FREE        GiB free on GPU 0 (the others have 2 GiB less each)
 *   CAPABILITY  compute capability in tenths, such as 89
 *   THROTTLE    bit mask of clock event reasons
 *   NAME        the product name
 * Compiled with WITHOUT_MEMORY_V2 it is an old driver that lacks the second version of the memory question. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GIB (1024ULL * 1024 * 1024)
#define TOTAL (24 * GIB)
#define SUCCESS 0
#define INVALID_ARGUMENT 2
#define NOT_SUPPORTED 3
#define NOT_FOUND 6
#define GPU_IS_LOST 15

typedef struct { int index, slice; } device;
typedef struct { unsigned long long total, free, used; } memory_v1;
typedef struct { unsigned version; unsigned long long total, reserved, free, used; } memory_v2;
typedef struct { char legacy[16]; unsigned domain, bus, device, id, subsystem; char bus_id[32]; } pci;
typedef struct { unsigned gpu, memory; } utilisation;
typedef struct { unsigned pid; unsigned long long used; unsigned gpu_instance, compute_instance; } process;

static device devices[8], slices[4];

static long setting(const char *name, long otherwise) {
    const char *value = getenv(name);
    return value ? strtol(value, NULL, 0) : otherwise;
}

static unsigned long long free_bytes(device *d) {
    unsigned long long free = (unsigned long long)setting("STAND_IN_FREE", 22) * GIB;
    return d->slice ? 9 * GIB : free - 2 * GIB * d->index;
}

static unsigned long long total_bytes(device *d) { return d->slice ? 10 * GIB : TOTAL; }

int nvmlInitWithFlags(unsigned flags) { (void)flags; return setting("STAND_IN_INIT", SUCCESS); }
int nvmlShutdown(void) { return SUCCESS; }
const char *nvmlErrorString(int code) { (void)code; return "an error of the stand-in"; }

int nvmlSystemGetDriverVersion(char *text, unsigned length) { snprintf(text, length, "580.65.06"); return SUCCESS; }
int nvmlSystemGetCudaDriverVersion(int *version) { *version = setting("STAND_IN_CUDA", 13000); return SUCCESS; }
int nvmlDeviceGetCount_v2(unsigned *count) { *count = setting("STAND_IN_GPUS", 1); return SUCCESS; }

int nvmlDeviceGetHandleByIndex_v2(unsigned index, device **handle) {
    if (index >= (unsigned)setting("STAND_IN_GPUS", 1)) return INVALID_ARGUMENT;
    if ((long)index == setting("STAND_IN_LOST", -1)) return GPU_IS_LOST;
    devices[index].index = index;
    *handle = &devices[index];
    return SUCCESS;
}

int nvmlDeviceGetUUID(device *d, char *text, unsigned length) {
    snprintf(text, length, d->slice ? "MIG-%04d-%d" : "GPU-%04d", d->index, d->slice);
    return SUCCESS;
}

int nvmlDeviceGetHandleByUUID(const char *uuid, device **handle) {
    char own[96];
    for (unsigned index = 0; index < (unsigned)setting("STAND_IN_GPUS", 1); index++) {
        int code = nvmlDeviceGetHandleByIndex_v2(index, handle);
        if (code) continue;
        nvmlDeviceGetUUID(*handle, own, sizeof own);
        if (!strcmp(own, uuid)) return SUCCESS;
    }
    for (unsigned slice = 0; slice < 4 && setting("STAND_IN_MIG", 0) == 1; slice++) {
        if (slice == 1 || slice == 3) continue;
        slices[slice].index = 0;
        slices[slice].slice = slice + 1;
        *handle = &slices[slice];
        nvmlDeviceGetUUID(*handle, own, sizeof own);
        if (!strcmp(own, uuid)) return SUCCESS;
    }
    return setting("STAND_IN_LOST", -1) >= 0 ? GPU_IS_LOST : NOT_FOUND;
}

int nvmlDeviceGetName(device *d, char *text, unsigned length) {
    const char *name = getenv("STAND_IN_NAME");
    snprintf(text, length, "%s%s", name ? name : "NVIDIA GeForce RTX 4090", d->slice ? " MIG 1g.10gb" : "");
    return SUCCESS;
}

int nvmlDeviceGetMemoryInfo(device *d, memory_v1 *info) {
    int code = setting("STAND_IN_MEMORY", SUCCESS);
    info->total = total_bytes(d);
    info->free = free_bytes(d);
    info->used = info->total - info->free;
    return code;
}

#ifndef WITHOUT_MEMORY_V2
int nvmlDeviceGetMemoryInfo_v2(device *d, memory_v2 *info) {
    if (info->version != 0x02000028) return INVALID_ARGUMENT;
    info->total = total_bytes(d);
    info->free = free_bytes(d);
    info->reserved = GIB / 2;
    info->used = info->total - info->free - info->reserved;
    return setting("STAND_IN_MEMORY", SUCCESS);
}
#endif

int nvmlDeviceGetCudaComputeCapability(device *d, int *major, int *minor) {
    long tenths = setting("STAND_IN_CAPABILITY", 89);
    (void)d;
    *major = tenths / 10;
    *minor = tenths % 10;
    return SUCCESS;
}

int nvmlDeviceGetPciInfo_v3(device *d, pci *info) {
    snprintf(info->bus_id, sizeof info->bus_id, "00000000:%02X:00.0", d->index + 1);
    return SUCCESS;
}

int nvmlDeviceGetMigMode(device *d, unsigned *current, unsigned *pending) {
    if (!getenv("STAND_IN_MIG")) return NOT_SUPPORTED;
    *current = *pending = d->index == 0;
    return SUCCESS;
}

int nvmlDeviceGetMaxMigDeviceCount(device *d, unsigned *count) { (void)d; *count = 3; return SUCCESS; }

int nvmlDeviceGetMigDeviceHandleByIndex(device *d, unsigned position, device **handle) {
    if (position == 1 || setting("STAND_IN_MIG", 0) == 2) return NOT_FOUND;
    slices[position].index = d->index;
    slices[position].slice = position + 1;
    *handle = &slices[position];
    return SUCCESS;
}

int nvmlDeviceIsMigDeviceHandle(device *d, unsigned *answer) { *answer = d->slice != 0; return SUCCESS; }
int nvmlDeviceGetMemoryBusWidth(device *d, unsigned *bits) { (void)d; *bits = 384; return SUCCESS; }

int nvmlDeviceGetMaxClockInfo(device *d, unsigned kind, unsigned *megahertz) {
    (void)d;
    *megahertz = kind == 2 ? 10501 : 3105;
    return SUCCESS;
}

int nvmlDeviceGetComputeRunningProcesses_v3(device *d, unsigned *count, process *list) {
    if (d->slice) return NOT_SUPPORTED;
    if (*count < 1) { *count = 1; return 7; }
    *count = 1;
    list[0].pid = 1;
    list[0].used = ~0ULL;
    return SUCCESS;
}

int nvmlDeviceGetUtilizationRates(device *d, utilisation *rates) {
    if (d->slice) return NOT_SUPPORTED;
    rates->gpu = 97;
    rates->memory = 40;
    return SUCCESS;
}

int nvmlDeviceGetTemperature(device *d, unsigned sensor, unsigned *celsius) {
    (void)d; (void)sensor;
    *celsius = 71;
    return SUCCESS;
}

int nvmlDeviceGetPowerUsage(device *d, unsigned *milliwatts) { (void)d; *milliwatts = 401500; return SUCCESS; }
int nvmlDeviceGetEnforcedPowerLimit(device *d, unsigned *limit) { (void)d; *limit = 450000; return SUCCESS; }

int nvmlDeviceGetClockInfo(device *d, unsigned kind, unsigned *megahertz) {
    (void)d; (void)kind;
    *megahertz = 2520;
    return SUCCESS;
}

int nvmlDeviceGetCurrentClocksThrottleReasons(device *d, unsigned long long *reasons) {
    (void)d;
    *reasons = setting("STAND_IN_THROTTLE", 0);
    return SUCCESS;
}
