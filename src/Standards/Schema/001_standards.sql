-- Code lists, data elements and unifications: one register, one lifecycle. A version is never changed once published; the last published one stays in force until the next is.
CREATE TABLE standard (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    in_force INTEGER,
    draft INTEGER,
    last INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    changed_at TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX standard_code_of_kind ON standard (kind, code);

CREATE TABLE standard_version (
    standard TEXT NOT NULL REFERENCES standard (id),
    number INTEGER NOT NULL,
    body TEXT NOT NULL,
    codes INTEGER NOT NULL,
    made_by TEXT NOT NULL,
    made_at TEXT NOT NULL,
    published_by TEXT,
    published_at TEXT,
    PRIMARY KEY (standard, number)
) STRICT;

-- A line of a code list: what a code means from a day (null: before the records begin) until another (exclusive; null: still).
CREATE TABLE standard_code (
    standard TEXT NOT NULL,
    number INTEGER NOT NULL,
    line INTEGER NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    name_en TEXT,
    parent TEXT,
    valid_from TEXT,
    valid_until TEXT,
    note TEXT,
    PRIMARY KEY (standard, number, line),
    FOREIGN KEY (standard, number) REFERENCES standard_version (standard, number)
) STRICT;

-- What became of a code, within its list or in another. A null new code: nothing took its place.
CREATE TABLE standard_crosswalk (
    id TEXT NOT NULL PRIMARY KEY,
    list TEXT NOT NULL,
    code TEXT NOT NULL,
    to_list TEXT NOT NULL,
    to_code TEXT,
    changed_on TEXT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    made_by TEXT NOT NULL,
    made_at TEXT NOT NULL,
    settled_by TEXT,
    settled_at TEXT,
    revision INTEGER NOT NULL
) STRICT;
CREATE INDEX standard_crosswalk_of_code ON standard_crosswalk (list, code);
