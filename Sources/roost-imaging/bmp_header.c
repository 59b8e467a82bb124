/// The headers of a bitmap. Every field is checked here, so that the decoders can trust them.

#include "bmp.h"

#include <string.h>

enum { FILE_HEADER = 14, CORE_HEADER = 12, INFO_HEADER = 40, MASKS = FILE_HEADER + INFO_HEADER };

static uint32_t read16(const uint8_t *bytes) {
    return bytes[0] | (uint32_t)bytes[1] << 8;
}

static uint32_t read32(const uint8_t *bytes) {
    return read16(bytes) | read16(bytes + 2) << 16;
}

/// A mask must be one run of ones.
static bool read_channel(uint32_t mask, struct bmp_channel *channel) {
    *channel = (struct bmp_channel){0};
    if (mask == 0) {
        return true;
    }
    channel->shift = (unsigned)__builtin_ctz(mask);
    channel->max = mask >> channel->shift;
    return (channel->max & (channel->max + 1)) == 0;
}

static bool read_channels(struct bmp *bmp, const uint32_t masks[4]) {
    for (int i = 0; i < 4; i++) {
        if (!read_channel(masks[i], &bmp->channels[i])) {
            return false;
        }
    }
    bmp->bands = bmp->channels[3].max != 0 ? 4 : 3;
    return true;
}

static bool is_known_depth(const struct bmp *bmp) {
    switch (bmp->compression) {
    case BMP_RGB:
        return bmp->bits == 1 || bmp->bits == 4 || bmp->bits == 8 || bmp->bits == 16 || bmp->bits == 24
            || bmp->bits == 32;
    case BMP_RLE8:
        return bmp->bits == 8 && !bmp->top_down;
    case BMP_RLE4:
        return bmp->bits == 4 && !bmp->top_down;
    case BMP_BITFIELDS:
        return bmp->bits == 16 || bmp->bits == 32;
    default:
        return false;
    }
}

/// BITMAPCOREHEADER, the one with 16 bit sizes.
static void read_core_header(const uint8_t *header, struct bmp *bmp) {
    bmp->width = read16(header + 4);
    bmp->height = read16(header + 6);
    bmp->bits = read16(header + 10);
}

/// BITMAPINFOHEADER and what begins like it. Returns the number of palette entries it announces.
static uint32_t read_info_header(const uint8_t *header, struct bmp *bmp) {
    const uint32_t width = read32(header + 4);
    const uint32_t height = read32(header + 8);
    bmp->width = width <= INT32_MAX ? width : 0;
    bmp->top_down = height > INT32_MAX;
    bmp->height = bmp->top_down ? -height : height;
    bmp->bits = read16(header + 14);
    bmp->compression = read32(header + 16);
    return read32(header + 32);
}

static void read_palette(const uint8_t *bytes, size_t size, size_t at, size_t entry, uint32_t count, struct bmp *bmp) {
    const uint32_t most = 1U << bmp->bits;
    if (count == 0 || count > most) {
        count = most;
    }
    // A palette cut short by the end of the file leaves black, as for indexes beyond it.
    for (uint32_t i = 0; i < count && at + entry <= size; i++, at += entry) {
        bmp->palette[i][0] = bytes[at + 2];
        bmp->palette[i][1] = bytes[at + 1];
        bmp->palette[i][2] = bytes[at];
    }
}

bool bmp_read_header(const uint8_t *bytes, size_t size, struct bmp *bmp, struct failure *failure) {
    memset(bmp, 0, sizeof *bmp);
    if (size < FILE_HEADER + CORE_HEADER) {
        return failed(failure, "truncated", "the file ends in its header");
    }
    if (bytes[0] != 'B' || bytes[1] != 'M') {
        return failed(failure, "corrupt", "not a bitmap");
    }
    const uint8_t *header = bytes + FILE_HEADER;
    const uint32_t header_size = read32(header);
    const uint32_t offset = read32(bytes + 10);
    const bool core = header_size == CORE_HEADER;
    if (!core && (header_size < INFO_HEADER || header_size > 124)) {
        return failed(failure, "unsupported", "unknown kind of bitmap header");
    }
    if (size - FILE_HEADER < header_size) {
        return failed(failure, "truncated", "the file ends in its header");
    }
    uint32_t announced = 0;
    if (core) {
        read_core_header(header, bmp);
    } else {
        announced = read_info_header(header, bmp);
    }
    if (bmp->width == 0 || bmp->height == 0) {
        return failed(failure, "corrupt", "a bitmap without pixels");
    }
    // Version 2 of OS/2's header (64 bytes) counts other compressions from 3 on.
    if (!is_known_depth(bmp) || (header_size == 64 && bmp->compression == BMP_BITFIELDS)) {
        return failed(failure, "unsupported", "this bit depth and compression are not decoded");
    }

    uint32_t masks[4] = {0x7C00, 0x03E0, 0x001F, 0};
    size_t palette = FILE_HEADER + header_size;
    if (bmp->compression == BMP_BITFIELDS) {
        // Inside the later headers, behind the first: the same place.
        if (size < MASKS + 12) {
            return failed(failure, "truncated", "the file ends in its masks");
        }
        for (int i = 0; i < 3; i++) {
            masks[i] = read32(bytes + MASKS + 4 * i);
        }
        masks[3] = header_size >= 56 ? read32(bytes + MASKS + 12) : 0;
        palette += header_size == INFO_HEADER ? 12 : 0;
    }
    if (!read_channels(bmp, masks)) {
        return failed(failure, "corrupt", "a colour mask with holes");
    }
    if (bmp->bits <= 8) {
        read_palette(bytes, size, palette, core ? 3 : 4, announced, bmp);
    }
    if (offset < FILE_HEADER + header_size) {
        return failed(failure, "corrupt", "the pixels begin inside the header");
    }
    if (offset >= size) {
        return failed(failure, "truncated", "the file ends before its pixels");
    }
    bmp->data = bytes + offset;
    bmp->size = size - offset;
    return true;
}
