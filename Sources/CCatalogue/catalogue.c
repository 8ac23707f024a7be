#include "CCatalogue.h"

// #embed is C23; Clang has it in every mode and only notes that.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char catalogue[] = {
#embed "../../Generated/catalogue.json"
};

static const unsigned char diagnostics[] = {
#embed "../../Generated/diagnostics.md"
};

const unsigned char *keywright_catalogue_start(void) { return catalogue; }

size_t keywright_catalogue_size(void) { return sizeof catalogue; }

const unsigned char *keywright_diagnostics_start(void) { return diagnostics; }

size_t keywright_diagnostics_size(void) { return sizeof diagnostics; }
