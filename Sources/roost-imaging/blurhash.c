/// BlurHash: the picture as its lowest cosine terms, in linear light, quantised and written in base 83.

#include "blurhash.h"

#include <math.h>

static double to_linear(double value) {
    value /= 255;
    return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4);
}

static int to_srgb(double value) {
    value = fmin(fmax(value, 0), 1);
    return (int)((value <= 0.0031308 ? value * 12.92 : 1.055 * pow(value, 1 / 2.4) - 0.055) * 255 + 0.5);
}

static char *write_base83(char *text, int value, int length) {
    static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~";
    for (int i = length - 1; i >= 0; i--, value /= 83) {
        text[i] = digits[value % 83];
    }
    return text + length;
}

/// One component in 19 steps; small values get finer ones.
static int quantise(double value, double maximum) {
    const double ratio = value / maximum;
    const double root = copysign(sqrt(fabs(ratio)), ratio);
    return (int)fmax(0, fmin(18, floor(root * 9 + 9.5)));
}

void blurhash_encode(const uint8_t *pixels, int width, int height, int across, int down, char *text) {
    double factors[9 * 9][3] = {0};
    double linear[256];
    for (int i = 0; i < 256; i++) {
        linear[i] = to_linear(i);
    }
    for (int v = 0; v < down; v++) {
        for (int u = 0; u < across; u++) {
            double *factor = factors[v * across + u];
            for (int y = 0; y < height; y++) {
                const double vertical = cos(M_PI * v * y / height);
                for (int x = 0; x < width; x++) {
                    const double basis = cos(M_PI * u * x / width) * vertical;
                    const uint8_t *pixel = pixels + ((long)y * width + x) * 3;
                    for (int band = 0; band < 3; band++) {
                        factor[band] += basis * linear[pixel[band]];
                    }
                }
            }
            const double scale = (u == 0 && v == 0 ? 1.0 : 2.0) / ((double)width * height);
            for (int band = 0; band < 3; band++) {
                factor[band] *= scale;
            }
        }
    }

    const int count = across * down;
    double largest = 0;
    for (int i = 1; i < count; i++) {
        for (int band = 0; band < 3; band++) {
            largest = fmax(largest, fabs(factors[i][band]));
        }
    }
    const int quantised = (int)fmax(0, fmin(82, floor(largest * 166 - 0.5)));
    const double maximum = count > 1 ? (quantised + 1) / 166.0 : 1;

    text = write_base83(text, (across - 1) + (down - 1) * 9, 1);
    text = write_base83(text, count > 1 ? quantised : 0, 1);
    const double *average = factors[0];
    text = write_base83(text, to_srgb(average[0]) << 16 | to_srgb(average[1]) << 8 | to_srgb(average[2]), 4);
    for (int i = 1; i < count; i++) {
        const double *factor = factors[i];
        const int red = quantise(factor[0], maximum);
        const int green = quantise(factor[1], maximum);
        text = write_base83(text, (red * 19 + green) * 19 + quantise(factor[2], maximum), 2);
    }
    *text = '\0';
}
