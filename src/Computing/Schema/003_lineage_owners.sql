-- Which owner's edges changed when: the graph in memory takes in only what is newer than itself.
CREATE TABLE lineage_owner (
    owner TEXT NOT NULL PRIMARY KEY,
    n     INTEGER NOT NULL                -- of lineage_stamp, by its last change
) STRICT;
CREATE INDEX lineage_owner_n ON lineage_owner (n);
INSERT INTO lineage_owner (owner, n) SELECT DISTINCT owner, 0 FROM lineage_edge;
