-- What the specification has no place for: the answer given to each write, the digest of each file, the seals over the rows.

-- One row per write, kept so that the same key gets the first answer again.
CREATE TABLE lake_write (
  write_key TEXT NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  table_id INTEGER NOT NULL,
  snapshot_id INTEGER NOT NULL,
  rows_added INTEGER NOT NULL,
  rows_removed INTEGER NOT NULL,
  key_columns TEXT NOT NULL,
  undone_by INTEGER
) STRICT;
CREATE INDEX lake_write_by_snapshot ON lake_write (snapshot_id);
CREATE INDEX lake_write_by_table ON lake_write (table_id, snapshot_id);

-- Data and delete files share one id sequence (next_file_id); the digest is SHA-256 in hexadecimal.
CREATE TABLE lake_file (
  file_id INTEGER NOT NULL PRIMARY KEY,
  table_id INTEGER NOT NULL,
  digest TEXT NOT NULL
) STRICT;
CREATE INDEX lake_file_by_table ON lake_file (table_id);

-- The snapshot that last changed a table: what a concurrent writer compares with.
CREATE TABLE lake_table (
  table_id INTEGER NOT NULL PRIMARY KEY,
  last_snapshot INTEGER NOT NULL,
  next_column_id INTEGER NOT NULL
) STRICT;

-- Sum of keyed hashes over all catalog rows of a table (-1: of the lake itself). SQLite does not notice most flipped bits; this does.
CREATE TABLE lake_seal (
  scope INTEGER NOT NULL PRIMARY KEY,
  lanes BLOB NOT NULL
) STRICT;
