-- Client certificates as a second factor. An account's certificate is known by its digest; one of the city's own authority also by who it names, so that its successor counts too.
CREATE TABLE identity_certificate (
    id         TEXT NOT NULL PRIMARY KEY,
    account    TEXT NOT NULL REFERENCES identity_account (id),
    thumbprint TEXT NOT NULL,             -- SHA-256 of the certificate, hexadecimal, lower case
    subject    TEXT NOT NULL,             -- as the certificate names its holder
    issued     INTEGER NOT NULL,          -- 1: by a configured authority, whose later certificates of this subject count as well
    not_after  TEXT NOT NULL,
    made_at    TEXT NOT NULL,
    used_at    TEXT,
    removed_at TEXT                       -- from then on it counts no more
) STRICT;
CREATE INDEX identity_certificate_account ON identity_certificate (account);
