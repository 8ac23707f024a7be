#ifndef CWEB_H
#define CWEB_H
#include <stddef.h>

/// A file of the pages, as it was when this was built.
struct keywright_web_file {
  /// Its path in this folder, such as `pages/layout.mustache`.
  const char *_Nonnull path;
  const unsigned char *_Nonnull start;
  /// Its length in bytes.
  size_t size;
};

/// All files, in no order.
const struct keywright_web_file *_Nonnull keywright_web_files(void);

/// How many there are.
size_t keywright_web_file_count(void);

#endif
