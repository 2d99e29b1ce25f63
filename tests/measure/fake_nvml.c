/* A stand-in for NVIDIA's libnvidia-ml.so.1: the few functions that visavis asks, with the layouts
   of nvml.h 12, for one device with two processes that hold 300 and 500 MB. Environment variables
   change what it tells: FAKE_PID (of the first process), FAKE_DEVICES, FAKE_HIDES, FAKE_NO_ENERGY. */
#include <stdlib.h>
#include <string.h>

typedef int nvmlReturn_t;
enum { OK = 0, NOT_SUPPORTED = 3 };
typedef struct { unsigned int pid; unsigned long long used; unsigned int gpu; unsigned int compute; } Info;

static int told(const char *name, int otherwise) {
    const char *value = getenv(name);
    return value ? atoi(value) : otherwise;
}

nvmlReturn_t nvmlInitWithFlags(unsigned int flags) { (void)flags; return OK; }
nvmlReturn_t nvmlInit_v2(void) { return OK; }
nvmlReturn_t nvmlShutdown(void) { return OK; }
const char *nvmlErrorString(nvmlReturn_t code) { return code == NOT_SUPPORTED ? "Not Supported" : "Success"; }

nvmlReturn_t nvmlDeviceGetCount_v2(unsigned int *count) { *count = told("FAKE_DEVICES", 1); return OK; }

nvmlReturn_t nvmlDeviceGetHandleByIndex_v2(unsigned int index, void **device) {
    *device = (void *)(size_t)(index + 1);
    return OK;
}

nvmlReturn_t nvmlDeviceGetName(void *device, char *name, unsigned int length) {
    (void)device;
    strncpy(name, "Fake RTX", length);
    return OK;
}

static nvmlReturn_t fill(unsigned int *count, Info *infos) {
    if (*count < 2) { *count = 2; return 7; /* insufficient size */ }
    memset(infos, 0, 2 * sizeof(Info));
    infos[0].pid = told("FAKE_PID", 1);
    infos[0].used = told("FAKE_HIDES", 0) ? ~0ULL : 300000000ULL;
    infos[1].pid = 2;
    infos[1].used = 500000000ULL;
    *count = 2;
    return OK;
}

nvmlReturn_t nvmlDeviceGetComputeRunningProcesses_v3(void *d, unsigned int *n, Info *i) { (void)d; return fill(n, i); }
nvmlReturn_t nvmlDeviceGetGraphicsRunningProcesses_v3(void *d, unsigned int *n, Info *i) { (void)d; (void)i; *n = 0; return OK; }

nvmlReturn_t nvmlDeviceGetTotalEnergyConsumption(void *d, unsigned long long *millijoules) {
    (void)d;
    if (told("FAKE_NO_ENERGY", 0)) return NOT_SUPPORTED;
    *millijoules = 123456ULL;
    return OK;
}
