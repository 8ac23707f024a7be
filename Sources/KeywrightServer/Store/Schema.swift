internal import GRDB

/// The tables, and how an older database becomes today's: each step whole or not at all.
enum Schema {
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1 first tables") { try $0.execute(sql: first) }
    // Values of what a method asks that the integration gives for all its connections, as JSON; none of them is secret.
    migrator.registerMigration("2 what an integration fills in") {
      try $0.execute(sql: "ALTER TABLE integration ADD COLUMN filled TEXT")
    }
    return migrator
  }

  // Times are seconds since 1970. What ends in `sealed` is encrypted, what ends in `digest` is SHA-256; every other
  // column may be read by whoever reads a backup.
  private static let first = """
    CREATE TABLE setting (
      name TEXT PRIMARY KEY, value TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE admin_session (
      digest BLOB PRIMARY KEY, expires_at INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE environment (
      id TEXT PRIMARY KEY,
      name TEXT NOT NULL UNIQUE,
      public_key TEXT NOT NULL UNIQUE,
      hmac_key_sealed BLOB,
      hmac_enabled INTEGER NOT NULL DEFAULT 0,
      callback_url TEXT,
      retention_days INTEGER NOT NULL DEFAULT 15,
      version INTEGER NOT NULL DEFAULT 1,
      created_at INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE secret_key (
      id TEXT PRIMARY KEY,
      environment TEXT NOT NULL REFERENCES environment ON DELETE CASCADE,
      name TEXT NOT NULL,
      prefix TEXT NOT NULL,
      digest BLOB NOT NULL UNIQUE,
      created_at INTEGER NOT NULL,
      last_used_at INTEGER,
      revoked_at INTEGER
    ) STRICT;

    CREATE TABLE integration (
      id TEXT PRIMARY KEY,
      environment TEXT NOT NULL REFERENCES environment ON DELETE CASCADE,
      key TEXT NOT NULL,
      display_name TEXT,
      provider TEXT NOT NULL,
      method TEXT NOT NULL,
      scopes TEXT,
      setup_sealed BLOB,
      version INTEGER NOT NULL DEFAULT 1,
      created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL,
      UNIQUE (environment, key)
    ) STRICT;

    CREATE TABLE definition (
      digest TEXT PRIMARY KEY, provider TEXT NOT NULL, text TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE connection (
      id TEXT PRIMARY KEY,
      number INTEGER NOT NULL UNIQUE,
      environment TEXT NOT NULL REFERENCES environment ON DELETE CASCADE,
      integration TEXT NOT NULL REFERENCES integration ON DELETE CASCADE,
      connection_id TEXT NOT NULL,
      provider TEXT NOT NULL,
      method TEXT NOT NULL,
      definition TEXT NOT NULL,
      version INTEGER NOT NULL,
      kept_sealed BLOB NOT NULL,
      config TEXT NOT NULL,
      metadata TEXT NOT NULL,
      tags TEXT NOT NULL,
      end_user TEXT,
      account_id TEXT, account_name TEXT, account_email TEXT,
      scopes_granted TEXT NOT NULL,
      scopes_missing TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('ok', 'broken')),
      reason TEXT,
      reason_text TEXT,
      expires_at INTEGER,
      due_at INTEGER,
      lease_owner TEXT,
      lease_until INTEGER,
      created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL,
      last_fetched_at INTEGER,
      UNIQUE (integration, connection_id)
    ) STRICT;
    CREATE INDEX connection_in_order ON connection (environment, number);
    CREATE INDEX connection_by_id ON connection (environment, connection_id);
    CREATE INDEX connection_by_due ON connection (due_at) WHERE due_at IS NOT NULL;

    CREATE TABLE connect_session (
      id TEXT PRIMARY KEY,
      digest BLOB NOT NULL UNIQUE,
      environment TEXT NOT NULL REFERENCES environment ON DELETE CASCADE,
      connection TEXT REFERENCES connection ON DELETE CASCADE,
      wish_sealed BLOB NOT NULL,
      starts INTEGER NOT NULL DEFAULT 0,
      ended_at INTEGER,
      expires_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX connect_session_by_end ON connect_session (expires_at);

    CREATE TABLE flow (
      id TEXT PRIMARY KEY,
      state_digest BLOB NOT NULL UNIQUE,
      cookie_digest BLOB NOT NULL,
      environment TEXT NOT NULL REFERENCES environment ON DELETE CASCADE,
      integration TEXT NOT NULL REFERENCES integration ON DELETE CASCADE,
      flow_sealed BLOB,
      parked_sealed BLOB,
      parked_digest BLOB UNIQUE,
      plan TEXT NOT NULL,
      used_at INTEGER,
      expires_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX flow_by_end ON flow (expires_at);
    CREATE INDEX flow_by_environment ON flow (environment);

    CREATE TABLE activity (
      number INTEGER PRIMARY KEY AUTOINCREMENT,
      id TEXT NOT NULL UNIQUE,
      environment TEXT NOT NULL REFERENCES environment ON DELETE CASCADE,
      kind TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('running', 'success', 'failed', 'timeout')),
      integration TEXT,
      provider TEXT,
      connection TEXT,
      connection_id TEXT,
      code TEXT,
      message TEXT,
      next_step TEXT,
      stages TEXT NOT NULL,
      started_at INTEGER NOT NULL,
      ended_at INTEGER
    ) STRICT;
    CREATE INDEX activity_in_order ON activity (environment, number);
    CREATE INDEX activity_by_connection ON activity (connection, number);
    CREATE INDEX activity_by_start ON activity (started_at);
    """
}
