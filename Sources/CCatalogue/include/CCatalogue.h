#ifndef CCATALOGUE_H
#define CCATALOGUE_H
#include <stddef.h>

/// The text of `Generated/catalogue.json`, as it was when this was built.
const unsigned char *_Nonnull keywright_catalogue_start(void);

/// Its length in bytes.
size_t keywright_catalogue_size(void);

/// The pages of `docs/diagnostics`, one after another.
const unsigned char *_Nonnull keywright_diagnostics_start(void);

/// Their length in bytes.
size_t keywright_diagnostics_size(void);

#endif
