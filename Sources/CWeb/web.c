#include "CWeb.h"

// #embed is C23; Clang has it in every mode and only notes that.
#pragma clang diagnostic ignored "-Wc23-extensions"

// A file is named here and in the list below: a directive can't stand in a macro.
static const unsigned char page_about[] = {
#embed "pages/about.mustache"
};
static const unsigned char page_activity[] = {
#embed "pages/activity.mustache"
};
static const unsigned char page_card[] = {
#embed "pages/card.mustache"
};
static const unsigned char page_choose[] = {
#embed "pages/choose.mustache"
};
static const unsigned char page_connect[] = {
#embed "pages/connect.mustache"
};
static const unsigned char page_connected[] = {
#embed "pages/connected.mustache"
};
static const unsigned char page_connection[] = {
#embed "pages/connection.mustache"
};
static const unsigned char page_connections[] = {
#embed "pages/connections.mustache"
};
static const unsigned char page_create[] = {
#embed "pages/create.mustache"
};
static const unsigned char page_delete[] = {
#embed "pages/delete.mustache"
};
static const unsigned char page_embed[] = {
#embed "pages/embed.mustache"
};
static const unsigned char page_end[] = {
#embed "pages/end.mustache"
};
static const unsigned char page_entries[] = {
#embed "pages/entries.mustache"
};
static const unsigned char page_entry[] = {
#embed "pages/entry.mustache"
};
static const unsigned char page_fields[] = {
#embed "pages/fields.mustache"
};
static const unsigned char page_frame[] = {
#embed "pages/frame.mustache"
};
static const unsigned char page_gone[] = {
#embed "pages/gone.mustache"
};
static const unsigned char page_hidden[] = {
#embed "pages/hidden.mustache"
};
static const unsigned char page_integration[] = {
#embed "pages/integration.mustache"
};
static const unsigned char page_integrations[] = {
#embed "pages/integrations.mustache"
};
static const unsigned char page_login[] = {
#embed "pages/login.mustache"
};
static const unsigned char page_lost[] = {
#embed "pages/lost.mustache"
};
static const unsigned char page_new[] = {
#embed "pages/new.mustache"
};
static const unsigned char page_scopes[] = {
#embed "pages/scopes.mustache"
};
static const unsigned char page_settings[] = {
#embed "pages/settings.mustache"
};
static const unsigned char page_setup[] = {
#embed "pages/setup.mustache"
};
static const unsigned char callback_js[] = {
#embed "assets/callback.js"
};
static const unsigned char connect_js[] = {
#embed "assets/connect.js"
};
static const unsigned char dashboard_js[] = {
#embed "assets/dashboard.js"
};
static const unsigned char icon_svg[] = {
#embed "assets/icon.svg"
};
static const unsigned char parts_js[] = {
#embed "assets/parts.js"
};
static const unsigned char style_css[] = {
#embed "assets/style.css"
};
static const unsigned char keywright_d_ts[] = {
#embed "sdk/keywright.d.ts"
};
static const unsigned char keywright_js[] = {
#embed "sdk/keywright.js"
};

#define FILE(path, bytes) {path, bytes, sizeof bytes}

static const struct keywright_web_file files[] = {
    FILE("pages/about.mustache", page_about),
    FILE("pages/activity.mustache", page_activity),
    FILE("pages/card.mustache", page_card),
    FILE("pages/choose.mustache", page_choose),
    FILE("pages/connect.mustache", page_connect),
    FILE("pages/connected.mustache", page_connected),
    FILE("pages/connection.mustache", page_connection),
    FILE("pages/connections.mustache", page_connections),
    FILE("pages/create.mustache", page_create),
    FILE("pages/delete.mustache", page_delete),
    FILE("pages/embed.mustache", page_embed),
    FILE("pages/end.mustache", page_end),
    FILE("pages/entries.mustache", page_entries),
    FILE("pages/entry.mustache", page_entry),
    FILE("pages/fields.mustache", page_fields),
    FILE("pages/frame.mustache", page_frame),
    FILE("pages/gone.mustache", page_gone),
    FILE("pages/hidden.mustache", page_hidden),
    FILE("pages/integration.mustache", page_integration),
    FILE("pages/integrations.mustache", page_integrations),
    FILE("pages/login.mustache", page_login),
    FILE("pages/lost.mustache", page_lost),
    FILE("pages/new.mustache", page_new),
    FILE("pages/scopes.mustache", page_scopes),
    FILE("pages/settings.mustache", page_settings),
    FILE("pages/setup.mustache", page_setup),
    FILE("assets/callback.js", callback_js),
    FILE("assets/connect.js", connect_js),
    FILE("assets/dashboard.js", dashboard_js),
    FILE("assets/icon.svg", icon_svg),
    FILE("assets/parts.js", parts_js),
    FILE("assets/style.css", style_css),
    FILE("sdk/keywright.d.ts", keywright_d_ts),
    FILE("sdk/keywright.js", keywright_js),
};

const struct keywright_web_file *keywright_web_files(void) { return files; }

size_t keywright_web_file_count(void) { return sizeof files / sizeof *files; }
