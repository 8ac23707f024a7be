#ifndef CPUBLICSUFFIX_H
#define CPUBLICSUFFIX_H
#include <stddef.h>

/// The rules of registries in the public suffix list: sorted by bytes, one a line, in ASCII.
const unsigned char *_Nonnull keywright_icann_suffixes_start(void);

/// Their length in bytes.
size_t keywright_icann_suffixes_size(void);

/// The rules that companies added, in the same form.
const unsigned char *_Nonnull keywright_private_suffixes_start(void);

/// Their length in bytes.
size_t keywright_private_suffixes_size(void);

#endif
