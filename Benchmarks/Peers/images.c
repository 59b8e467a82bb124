/// A bare libvips loop that makes what Roost makes of a photo: decodes once, then each size as JPEG, on the disk.
///
/// Arguments: the photo, a folder for the outputs, how many times, threads, and the longest sides (0 for the full size)
/// from the largest to the smallest. Prints seconds and CPU seconds.

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>
#include <vips/vips.h>

static const char *photo;
static const char *folder;
static atomic_int left;
static int sides[8];
static int count;

static void fail(const char *what) {
    fprintf(stderr, "%s: %s\n", what, vips_error_buffer());
    exit(1);
}

/// Synchronized, since Roost's renditions are before it answers.
static void save(VipsImage *image, const char *path) {
    if (vips_jpegsave(image, path, "Q", 85, "strip", TRUE, NULL) != 0) {
        fail("save");
    }
    const int file = open(path, O_RDONLY);
    if (file < 0 || fdatasync(file) != 0) {
        fail("sync");
    }
    close(file);
}

static void make(int thread) {
    VipsImage *lazy = NULL;
    if (vips_jpegload(photo, &lazy, "access", VIPS_ACCESS_SEQUENTIAL, NULL) != 0) {
        fail("load");
    }
    VipsImage *image = vips_image_copy_memory(lazy);
    g_object_unref(lazy);
    for (int i = 0; image != NULL && i < count; i++) {
        char path[4096];
        snprintf(path, sizeof path, "%s/%d-%d.jpg", folder, thread, sides[i]);
        if (sides[i] != 0) {
            VipsImage *smaller = NULL;
            vips_image_set_int(image, VIPS_META_SEQUENTIAL, 1);
            if (vips_thumbnail_image(image, &smaller, sides[i], "height", sides[i], NULL) != 0) {
                fail("resize");
            }
            VipsImage *pixels = vips_image_copy_memory(smaller);
            g_object_unref(smaller);
            g_object_unref(image);
            image = pixels;
        }
        save(image, path);
    }
    if (image == NULL) {
        fail("pixels");
    }
    g_object_unref(image);
}

static void *work(void *argument) {
    const int thread = *(int *)argument;
    while (atomic_fetch_sub(&left, 1) > 0) {
        make(thread);
    }
    vips_thread_shutdown();
    return NULL;
}

int main(int argc, char **argv) {
    if (argc < 6 || VIPS_INIT(argv[0]) != 0) {
        return 2;
    }
    // As many images at once as there are threads, and each on one core, as Roost's helpers do it.
    vips_concurrency_set(1);
    vips_cache_set_max(0);
    photo = argv[1];
    folder = argv[2];
    left = atoi(argv[3]);
    const int threads = atoi(argv[4]);
    for (int i = 5; i < argc && count < 8; i++) {
        sides[count++] = atoi(argv[i]);
    }
    struct timespec began;
    struct timespec ended;
    clock_gettime(CLOCK_MONOTONIC, &began);
    pthread_t ids[64];
    int numbers[64];
    for (int i = 0; i < threads && i < 64; i++) {
        numbers[i] = i;
        pthread_create(&ids[i], NULL, work, &numbers[i]);
    }
    for (int i = 0; i < threads && i < 64; i++) {
        pthread_join(ids[i], NULL);
    }
    clock_gettime(CLOCK_MONOTONIC, &ended);
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf(
        "%.6f %.6f\n", (double)(ended.tv_sec - began.tv_sec) + (double)(ended.tv_nsec - began.tv_nsec) / 1e9,
        (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
            + (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6);
    return 0;
}
