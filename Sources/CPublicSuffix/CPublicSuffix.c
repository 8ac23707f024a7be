#include "CPublicSuffix.h"

// #embed is C23; Clang has it in every mode and only notes that.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char icann[] = {
#embed "icann.txt"
};

static const unsigned char private[] = {
#embed "private.txt"
};

const unsigned char *keywright_icann_suffixes_start(void) { return icann; }

size_t keywright_icann_suffixes_size(void) { return sizeof icann; }

const unsigned char *keywright_private_suffixes_start(void) { return private; }

size_t keywright_private_suffixes_size(void) { return sizeof private; }
