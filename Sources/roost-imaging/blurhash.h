/// BlurHash, the placeholder of a picture in some 30 characters: https://github.com/woltapp/blurhash, Algorithm.md.
#ifndef ROOST_BLURHASH_H
#define ROOST_BLURHASH_H

#include <stdint.h>

/// Writes the NUL-terminated BlurHash of packed 8 bit sRGB pixels: 4 + 2 × across × down characters and the NUL.
/// `across` and `down`, 1 … 9, count the components.
void blurhash_encode(const uint8_t *pixels, int width, int height, int across, int down, char *text);

#endif
