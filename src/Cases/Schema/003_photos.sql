-- 照片: as kept after it was drawn anew, without what its camera wrote into it.
CREATE TABLE case_photo (
    case_id TEXT NOT NULL,
    place   INTEGER NOT NULL,              -- 1 …
    body    BLOB NOT NULL,                 -- JPEG
    PRIMARY KEY (case_id, place)
) STRICT;
