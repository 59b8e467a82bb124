/// The part of libFuzzer that is called: FuzzerInterface.h of LLVM's compiler-rt.
#ifndef ROOST_CFUZZER_H
#define ROOST_CFUZZER_H

#include <stddef.h>
#include <stdint.h>

/// Runs the fuzzer with its command line; calls back with each input.
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*callback)(const uint8_t *data, size_t size));

#endif
