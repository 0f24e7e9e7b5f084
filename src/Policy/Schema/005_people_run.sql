-- Files of disclosures/ as they were written: verify and restore read each against its digest.
CREATE TABLE policy_people_run (
    name   TEXT NOT NULL PRIMARY KEY,
    digest TEXT NOT NULL               -- SHA-256 of its bytes, hex
) STRICT;
