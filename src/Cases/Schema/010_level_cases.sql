-- 上下级事件: the order in which forms were taken, the number at the other end, what it has been told of the case here, whose codes are which, and photos.

-- 1, 2, 3 … of a case between levels, of both directions; NULL: parked. No clock has a say in it.
ALTER TABLE level_message ADD COLUMN turn INTEGER;
UPDATE level_message SET turn = (
    SELECT COUNT(*) FROM level_message e WHERE e.peer = level_message.peer AND e.ref = level_message.ref
      AND (e.at < level_message.at OR (e.at = level_message.at AND (e.came < level_message.came OR (e.came = level_message.came AND e.seq <= level_message.seq)))))
WHERE came = 0 OR state <> 'Parked';

ALTER TABLE level_case ADD COLUMN theirs TEXT;                     -- number at the other end; NULL: it told none
ALTER TABLE level_case ADD COLUMN told INTEGER NOT NULL DEFAULT 0; -- seq of the last event of the case that was looked at for the other end
ALTER TABLE level_case ADD COLUMN asked INTEGER NOT NULL DEFAULT 0; -- 1: the other end asked for it and waits to hear of it
CREATE INDEX level_case_asked ON level_case (number) WHERE asked = 1;

-- 编码对照: what a code of the other end is here.
CREATE TABLE level_code (
    peer   TEXT NOT NULL,
    kind   TEXT NOT NULL,                  -- class, place
    theirs TEXT NOT NULL,                  -- *: every other
    ours   TEXT NOT NULL,                  -- =: the same
    PRIMARY KEY (peer, kind, theirs)
) STRICT;

-- A photo named by a form that was taken or written.
CREATE TABLE level_photo (
    peer     TEXT NOT NULL,
    ref      TEXT NOT NULL,
    came     INTEGER NOT NULL,
    seq      INTEGER NOT NULL,             -- of the form
    place    INTEGER NOT NULL,             -- 1 … in it
    digest   TEXT NOT NULL,                -- SHA-256, as sent
    size     INTEGER NOT NULL,
    have     INTEGER NOT NULL,             -- bytes the receiver has
    state    TEXT NOT NULL,                -- Waiting, Taken, Rejected
    photo    INTEGER,                      -- place among the photos of the case here; NULL: not yet
    body     BLOB,                         -- JPEG of one that waits for its case
    attempts INTEGER NOT NULL,
    due_at   TEXT NOT NULL,                -- of the next attempt; of one that comes, when its last part came
    note     TEXT,                         -- why it did not go, or was refused
    PRIMARY KEY (peer, ref, came, seq, place)
) STRICT;
CREATE INDEX level_photo_due ON level_photo (due_at) WHERE came = 0 AND state = 'Waiting';

-- What has come of a photo that has not come whole.
CREATE TABLE level_part (
    peer   TEXT NOT NULL,
    ref    TEXT NOT NULL,
    seq    INTEGER NOT NULL,
    place  INTEGER NOT NULL,
    start  INTEGER NOT NULL,               -- its first byte; 0 …
    body   BLOB NOT NULL,
    PRIMARY KEY (peer, ref, seq, place, start)
) STRICT;
