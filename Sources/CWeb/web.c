#include "CWeb.h"

// #embed is C23; Clang has it in every mode and only notes that.
#pragma clang diagnostic ignored "-Wc23-extensions"

// A file is named twice, here and in the list below: a directive can't stand in a macro.
static const unsigned char layout[] = {
#embed "pages/layout.mustache"
};
static const unsigned char style[] = {
#embed "assets/style.css"
};
static const unsigned char callback[] = {
#embed "assets/callback.js"
};
static const unsigned char keywright[] = {
#embed "sdk/keywright.js"
};
static const unsigned char types[] = {
#embed "sdk/keywright.d.ts"
};

#define FILE(path, bytes) {path, bytes, sizeof bytes}

static const struct keywright_web_file files[] = {
    FILE("pages/layout.mustache", layout),
    FILE("assets/style.css", style),
    FILE("assets/callback.js", callback),
    FILE("sdk/keywright.js", keywright),
    FILE("sdk/keywright.d.ts", types),
};

const struct keywright_web_file *keywright_web_files(void) { return files; }

size_t keywright_web_file_count(void) { return sizeof files / sizeof *files; }
