-- A file sent again under a newer catalogue version: only what of it is not in the table is judged again.

-- The records of a part that were judged (see Rejects/SeqList.cs); null: all of them.
ALTER TABLE batch_file ADD COLUMN judged BLOB;

-- Open rejects of an earlier batch whose rows a later batch judged again from the same file: settled there, open again when the later is undone.
CREATE TABLE reject_judged_again (
    batch   TEXT NOT NULL REFERENCES batch (id),
    earlier TEXT NOT NULL REFERENCES batch (id),
    seqs    BLOB NOT NULL,                  -- see Rejects/SeqList.cs
    PRIMARY KEY (batch, earlier)
) STRICT;
