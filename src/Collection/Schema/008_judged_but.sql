-- The records of a part that were not judged, where all others were (see Rejects/SeqList.cs): a few numbers instead of nearly all of them.
ALTER TABLE batch_file ADD COLUMN judged_but BLOB;
